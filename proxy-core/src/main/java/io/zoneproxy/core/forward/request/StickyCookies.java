package io.zoneproxy.core.forward.request;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.cookie.DefaultCookie;
import io.netty.handler.codec.http.cookie.ServerCookieEncoder;
import io.zoneproxy.core.model.balance.HashPolicy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Cookies that a downstream did not have and is given with the response, so that its next requests
 * go to the same endpoint. On the event loop of the request.
 */
final class StickyCookies {
  private final Map<HashPolicy.Cookie, String> made = new LinkedHashMap<>(1);

  /** The value of one, the same at every attempt. No secret: a cheap random number will do. */
  String value(HashPolicy.Cookie cookie) {
    return made.computeIfAbsent(
        cookie, fresh -> Long.toHexString(ThreadLocalRandom.current().nextLong()));
  }

  /** Gives them to the downstream. */
  void addTo(HttpHeaders response) {
    made.forEach(
        (cookie, value) -> {
          DefaultCookie one = new DefaultCookie(cookie.name(), value);
          one.setHttpOnly(true);
          if (!cookie.path().isEmpty()) {
            one.setPath(cookie.path());
          }
          cookie
              .ttl()
              .filter(ttl -> !ttl.isZero()) // zero: until the browser ends
              .ifPresent(ttl -> one.setMaxAge(ttl.toSeconds()));
          response.add(HttpHeaderNames.SET_COOKIE, ServerCookieEncoder.LAX.encode(one));
        });
  }
}
