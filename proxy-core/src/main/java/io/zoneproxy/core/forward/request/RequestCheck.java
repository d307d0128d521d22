package io.zoneproxy.core.forward.request;

import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.zoneproxy.core.forward.codec.HttpCodecs;
import io.zoneproxy.core.observe.request.RequestEnd;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what two parties could understand differently, before anything looks at it: what passes
 * has one host, one length, and a path of printable ASCII (RFC 9112 §3.2, §6.3; RFC 9113 §8.2,
 * §8.3; Envoy's answers).
 */
public final class RequestCheck {
  private static final List<String> SCHEMES = List.of("http://", "https://");

  /** What a host may have beside letters and digits (RFC 3986 §3.2.2). */
  private static final String HOST_MARKS = "-._~%!$&'()*+,;=:[]";

  private RequestCheck() {}

  /**
   * Checks, and gives the request the form that it is forwarded in: a path, and the host in its
   * header.
   *
   * @return null when all is well
   */
  public static @Nullable LocalReply refusal(HttpRequest request) {
    DecoderResult decoded = request.decoderResult();
    if (decoded.isFailure()) {
      return undecoded(decoded.cause());
    }
    HttpHeaders headers = request.headers();
    if (headers.size() > HttpCodecs.MAX_HEADERS) {
      return tooLarge("%d headers (expected: at most %d)", headers.size(), HttpCodecs.MAX_HEADERS);
    }
    if (!request.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
      String version = request.protocolVersion().text();
      return LocalReply.of(426, "Upgrade Required", RequestEnd.BAD_REQUEST, version);
    }
    if (request.method().equals(HttpMethod.CONNECT) || upgrades(headers)) {
      return LocalReply.of(403, "", RequestEnd.UPGRADE, "CONNECT or Upgrade");
    }
    String coding = String.join(",", headers.getAll(HttpHeaderNames.TRANSFER_ENCODING));
    if (!coding.isEmpty() && !HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(coding)) {
      return LocalReply.of(
          501,
          "Not Implemented",
          RequestEnd.BAD_REQUEST,
          "transfer-encoding " + coding + " (expected: chunked)");
    }
    return target(request);
  }

  private static LocalReply undecoded(Throwable cause) {
    if (cause instanceof TooLongHttpHeaderException || cause instanceof TooLongHttpLineException) {
      return tooLarge("over %d bytes of %s", HttpCodecs.MAX_HEADER_BYTES, "headers");
    }
    return bad(String.valueOf(cause.getMessage()));
  }

  private static LocalReply tooLarge(String format, Object one, Object other) {
    return LocalReply.of(
        431,
        "Request Header Fields Too Large",
        RequestEnd.HEADERS_TOO_LARGE,
        format.formatted(one, other));
  }

  private static LocalReply bad(String detail) {
    return LocalReply.of(400, "Bad Request", RequestEnd.BAD_REQUEST, detail);
  }

  /** HTTP/2 in clear text is offered, not demanded: that is passed over, as Envoy does. */
  private static boolean upgrades(HttpHeaders headers) {
    return headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
        && headers.contains(HttpHeaderNames.UPGRADE)
        && !headers.containsValue(HttpHeaderNames.UPGRADE, "h2c", true);
  }

  private static @Nullable LocalReply target(HttpRequest request) {
    List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
    String path = request.uri();
    if (hosts.size() > 1) {
      return bad(hosts.size() + " Host headers (expected: one)");
    }
    String host = hosts.isEmpty() ? "" : hosts.get(0);
    int begin = path.startsWith("/") ? 0 : afterScheme(path);
    if (begin > 0) { // the form for proxies: its host counts (RFC 9112 §3.2.2)
      int end = endOfHost(path, begin);
      host = path.substring(begin, end);
      path = path.startsWith("/", end) ? path.substring(end) : "/" + path.substring(end);
    }
    if (!isHost(host)) {
      return bad("host: " + host + " (expected: one Host header, of a name or an address)");
    }
    boolean star = path.equals("*") && request.method().equals(HttpMethod.OPTIONS);
    if (!star && (!path.startsWith("/") || !isPrintable(path))) {
      return bad("path: " + path);
    }
    if (begin > 0) {
      request.headers().set(HttpHeaderNames.HOST, host);
      request.setUri(path);
    }
    return null;
  }

  /** 0 when there is none that is served. */
  private static int afterScheme(String uri) {
    for (String scheme : SCHEMES) {
      if (uri.regionMatches(true, 0, scheme, 0, scheme.length())) {
        return scheme.length();
      }
    }
    return 0;
  }

  private static int endOfHost(String uri, int begin) {
    int end = begin;
    while (end < uri.length() && uri.charAt(end) != '/' && uri.charAt(end) != '?') {
      end++;
    }
    return end;
  }

  /** By its characters: a name or an address, and perhaps a port; no user (RFC 9110 §4.2.4). */
  private static boolean isHost(String host) {
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      boolean alphanumeric =
          (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (!alphanumeric && HOST_MARKS.indexOf(c) < 0) {
        return false;
      }
    }
    return !host.isEmpty();
  }

  private static boolean isPrintable(String path) {
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c <= ' ' || c >= 0x7F || c == '#') {
        return false;
      }
    }
    return true;
  }
}
