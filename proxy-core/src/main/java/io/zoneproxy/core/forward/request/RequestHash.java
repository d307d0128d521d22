package io.zoneproxy.core.forward.request;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.cookie.Cookie;
import io.netty.handler.codec.http.cookie.ServerCookieDecoder;
import io.netty.util.NetUtil;
import io.zoneproxy.core.model.balance.HashPolicy;
import io.zoneproxy.core.upstream.balance.ConnectionHash;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a balancer by hash looks at in a request. */
public final class RequestHash {
  private RequestHash() {}

  /**
   * The hash of the values that the policies name, combined as Envoy does.
   *
   * @return {@link ConnectionHash#NONE} when none of them is there: chance decides
   */
  public static long of(List<HashPolicy> policies, ForwardedRequest request) {
    long hash = ConnectionHash.NONE;
    for (HashPolicy policy : policies) {
      String value = value(policy.source(), request);
      if (value != null) {
        long one = ConnectionHash.of(value);
        hash = hash == ConnectionHash.NONE ? one : Long.rotateLeft(hash, 1) ^ one;
        if (policy.terminal()) {
          break;
        }
      }
    }
    return hash;
  }

  private static @Nullable String value(HashPolicy.Source source, ForwardedRequest request) {
    if (source instanceof HashPolicy.Header header) {
      return request.get(header.name());
    } else if (source instanceof HashPolicy.SourceAddress) {
      InetSocketAddress at = request.peer().address();
      return at == null || at.getAddress() == null
          ? null
          : NetUtil.toAddressString(at.getAddress());
    } else if (source instanceof HashPolicy.QueryParameter parameter) {
      List<String> values =
          new QueryStringDecoder(request.head().uri()).parameters().get(parameter.name());
      return values == null ? null : values.get(0);
    } else if (source instanceof HashPolicy.Cookie cookie) {
      String known = cookie(cookie.name(), request);
      boolean made = known == null && cookie.ttl().isPresent();
      return made ? request.cookies().value(cookie) : known;
    }
    return request.peer().filterState().get(((HashPolicy.FilterState) source).key());
  }

  private static @Nullable String cookie(String name, ForwardedRequest request) {
    String header = request.head().headers().get(HttpHeaderNames.COOKIE);
    if (header != null) {
      for (Cookie one : ServerCookieDecoder.LAX.decode(header)) {
        if (one.name().equals(name)) {
          return one.value();
        }
      }
    }
    return null;
  }
}
