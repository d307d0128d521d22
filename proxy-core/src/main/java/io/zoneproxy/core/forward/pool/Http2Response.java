package io.zoneproxy.core.forward.pool;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.HttpConversionUtil;
import io.zoneproxy.core.forward.codec.HttpCodecs;
import org.jspecify.annotations.Nullable;

/**
 * Whether what comes on a stream is a response (RFC 9113 §8.1), where the codec does not tell: that
 * knows no request. On the event loop of the stream.
 */
final class Http2Response {
  private static final int STATUS_DIGITS = 3; // RFC 9110 §15
  private static final char INTERIM = '1'; // 1xx
  private static final String SWITCHES = "101"; // not in HTTP/2 (RFC 9113 §8.6)

  private final int id;
  private final boolean toHead;
  private int interims;
  private boolean begun;
  private boolean bodiless;
  private boolean sized; // by its head: with more than nothing
  private boolean filled;

  /**
   * @param id of the stream
   * @param method of the request
   */
  Http2Response(int id, HttpMethod method) {
    this.id = id;
    this.toHead = method.equals(HttpMethod.HEAD);
  }

  int id() {
    return id;
  }

  /** Whether its head, which is no interim one, was there. */
  boolean isBegun() {
    return begun;
  }

  /**
   * A head.
   *
   * @return null for an interim one, which nobody waits for
   * @throws Http2Exception when it is none; when there were too many, for the whole connection
   */
  @Nullable HttpResponse onHead(Http2Headers headers, boolean end) throws Http2Exception {
    CharSequence text = headers.status();
    if (text == null || !isStatus(text)) {
      throw fault("status " + text + " (expected: three digits)");
    }
    if (text.charAt(0) == INTERIM) {
      onInterim(text, end);
      return null;
    }
    HttpResponse head = HttpConversionUtil.toHttpResponse(id, headers, true);
    HttpResponseStatus status = head.status();
    begun = true;
    bodiless =
        toHead
            || status.equals(HttpResponseStatus.NO_CONTENT)
            || status.equals(HttpResponseStatus.NOT_MODIFIED);
    sized = !bodiless && HttpUtil.getContentLength(head, 0L) > 0; // the codec has read it
    if (end) {
      onEnd();
    } else if (!HttpUtil.isContentLengthSet(head)) {
      head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    }
    return head;
  }

  private void onInterim(CharSequence status, boolean end) throws Http2Exception {
    if (end || SWITCHES.contentEquals(status)) {
      throw fault("an interim response " + status + (end ? " that ends its stream" : ""));
    }
    interims++;
    if (interims > HttpCodecs.MAX_INTERIM) {
      throw Http2Exception.connectionError(
          Http2Error.ENHANCE_YOUR_CALM, HttpCodecs.TOO_MANY_INTERIM);
    }
  }

  private static boolean isStatus(CharSequence text) {
    if (text.length() != STATUS_DIGITS || text.charAt(0) == '0') {
      return false;
    }
    return text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /**
   * A part of its body.
   *
   * @throws Http2Exception when there can be none
   */
  void onData(int bytes, boolean end) throws Http2Exception {
    if (!begun) {
      throw fault("a body without a head");
    }
    if (bytes > 0 && bodiless) {
      throw fault("a body where there can be none");
    }
    filled |= bytes > 0;
    if (end) {
      onEnd();
    }
  }

  /**
   * No more comes. A length is compared by the codec, but for nothing at all: it takes that for the
   * answer to a HEAD.
   */
  void onEnd() throws Http2Exception {
    if (sized && !filled) {
      throw fault("no body (expected: as long as content-length says)");
    }
  }

  private Http2Exception fault(String words) {
    return Http2Exception.streamError(id, Http2Error.PROTOCOL_ERROR, words);
  }
}
