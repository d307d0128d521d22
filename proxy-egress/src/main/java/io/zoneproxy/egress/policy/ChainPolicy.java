package io.zoneproxy.egress.policy;

import io.zoneproxy.core.model.balance.HashPolicy;
import io.zoneproxy.core.model.http.HttpFilter;
import io.zoneproxy.core.model.policy.TokenBucket;
import java.util.List;
import java.util.Optional;

/**
 * What policies add to a chain.
 *
 * @param connections at most so many; empty = no limit
 * @param requests limit of the one route; empty = none
 * @param faults made on purpose, in order
 * @param timeouts of calls
 * @param some callers whose requests have another limit or other times, in order
 * @param hash what a balancer by hash looks at
 */
public record ChainPolicy(
    Optional<TokenBucket> connections,
    Optional<HttpFilter> requests,
    List<HttpFilter> faults,
    CallTimeouts timeouts,
    List<CallerRoute> some,
    List<HashPolicy> hash) {
  /** Nothing. */
  public static final ChainPolicy NONE =
      new ChainPolicy(
          Optional.empty(), Optional.empty(), List.of(), CallTimeouts.NONE, List.of(), List.of());

  public ChainPolicy {
    faults = List.copyOf(faults);
    some = List.copyOf(some);
    hash = List.copyOf(hash);
  }

  ChainPolicy withHash(List<HashPolicy> policies) {
    return new ChainPolicy(connections, requests, faults, timeouts, some, policies);
  }
}
