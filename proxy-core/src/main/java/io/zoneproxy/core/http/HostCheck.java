package io.zoneproxy.core.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;

/**
 * RFC 9112 §3.2: a request of HTTP/1.1 has one Host, and none has two. Whoever stands between us
 * and the client may have looked at another one than we would.
 */
final class HostCheck {
  static final String EXPECTED = "Bad Request (expected: one Host header)\n";

  private HostCheck() {}

  /** Whether it has as many as it may have, and no blanks in it. */
  static boolean passes(HttpRequest request) {
    List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
    if (hosts.isEmpty()) {
      return request.protocolVersion().compareTo(HttpVersion.HTTP_1_1) < 0;
    }
    return hosts.size() == 1 && hosts.get(0).chars().noneMatch(c -> c <= ' ');
  }
}
