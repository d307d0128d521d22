package io.zoneproxy.core.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * An answer, ready to be sent: its text was encoded by whoever made it, because a page of 30 MB
 * would hold up an event loop. Whoever is given it may change its headers.
 */
public final class Answer {
  static final int OK = 200;
  static final int BAD_REQUEST = 400;
  static final int NOT_FOUND = 404;
  static final int UNAVAILABLE = 503;

  private final int status;
  private final HttpHeaders headers;
  private final byte[] body;

  private Answer(int status, HttpHeaders headers, byte[] body) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  /**
   * A page that nobody may keep or take for something else.
   *
   * @param status HTTP status code
   * @param contentType value of that header
   * @param body sent as UTF-8
   * @param more further headers, lower-case names
   */
  public static Answer page(
      int status, String contentType, CharSequence body, Map<String, String> more) {
    Answer page = bare(status, contentType, body);
    page.headers
        .set(HttpHeaderNames.CACHE_CONTROL, "no-cache, max-age=0")
        .set("x-content-type-options", "nosniff");
    more.forEach(page.headers::set);
    return page;
  }

  /** A page of plain text. */
  public static Answer text(int status, CharSequence body) {
    return page(status, "text/plain; charset=UTF-8", body, Map.of());
  }

  /** With no more headers than it needs: a route's own answer. */
  static Answer bare(int status, String contentType, CharSequence body) {
    HttpHeaders headers = new DefaultHttpHeaders();
    if (body.length() > 0) {
      headers.set(HttpHeaderNames.CONTENT_TYPE, contentType);
    }
    return new Answer(status, headers, body.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** HTTP status code. */
  public int status() {
    return status;
  }

  /** All but those of the connection and the length. */
  public HttpHeaders headers() {
    return headers;
  }

  /** In bytes. */
  public int length() {
    return body.length;
  }

  /** A part of the body, which it shares; the caller's. */
  ByteBuf slice(int from, int bytes) {
    return Unpooled.wrappedBuffer(body, from, bytes);
  }
}
