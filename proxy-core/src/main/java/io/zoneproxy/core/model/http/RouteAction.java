package io.zoneproxy.core.model.http;

import io.zoneproxy.core.model.balance.Destination;
import io.zoneproxy.core.model.balance.HashPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What becomes of a request. */
public sealed interface RouteAction {
  /**
   * It is forwarded.
   *
   * @param timeout for the whole response; empty = 15 s, Envoy's default; zero = none
   * @param idleTimeout of a request on which nothing moves; empty = the chain's
   * @param hostRewrite what becomes of the host
   * @param prefixRewrite takes the place of the prefix that matched; empty = the path stays
   * @param hash what a balancer by hash looks at, in order
   */
  record Forward(
      Destination to,
      Optional<Duration> timeout,
      Optional<Duration> idleTimeout,
      HostRewrite hostRewrite,
      Optional<String> prefixRewrite,
      List<HashPolicy> hash)
      implements RouteAction {
    public Forward {
      hash = List.copyOf(hash);
    }
  }

  /**
   * It is answered here.
   *
   * @param body text
   */
  record Answer(int status, String body) implements RouteAction {}

  /** What becomes of a request's host. */
  sealed interface HostRewrite {
    /** It stays. */
    record Keep() implements HostRewrite {}

    /** That of the endpoint, when it is known by a name. */
    record OfEndpoint() implements HostRewrite {}

    /** This one. */
    record To(String host) implements HostRewrite {}
  }
}
