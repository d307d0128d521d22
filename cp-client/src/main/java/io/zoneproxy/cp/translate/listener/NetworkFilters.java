package io.zoneproxy.cp.translate.listener;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.extensions.filters.network.local_ratelimit.v3.LocalRateLimit;
import io.envoyproxy.envoy.extensions.filters.network.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.filters.network.set_filter_state.v3.Config;
import io.zoneproxy.core.model.NetworkFilter;
import io.zoneproxy.cp.translate.policy.Limits;
import io.zoneproxy.cp.translate.policy.RbacTranslator;
import io.zoneproxy.cp.translate.value.Problems;
import io.zoneproxy.cp.translate.value.Typed;
import java.util.List;
import java.util.Optional;

/** Steps before a chain's end, known by the type of what configures them; their names are free. */
final class NetworkFilters {
  private NetworkFilters() {}

  /** The steps of one filter; none when it is not known or wrong, which is noted. */
  static List<NetworkFilter> of(Any from, Problems problems) {
    if (Typed.is(from, RBAC.getDescriptor())) {
      return list(
          Typed.read(from, RBAC.getDescriptor(), RBAC.parser(), problems)
              .map(
                  rbac ->
                      new NetworkFilter.Rbac(
                          rbac.getStatPrefix(), RbacTranslator.network(rbac, problems))));
    }
    if (Typed.is(from, LocalRateLimit.getDescriptor())) {
      return list(
          Typed.read(from, LocalRateLimit.getDescriptor(), LocalRateLimit.parser(), problems)
              .flatMap(limit -> Limits.bucket(limit.getTokenBucket(), problems.at("token_bucket")))
              .map(NetworkFilter.RateLimit::new));
    }
    if (Typed.is(from, Config.getDescriptor())) {
      return Typed.read(from, Config.getDescriptor(), Config.parser(), problems)
          .map(config -> FilterStates.of(config, problems))
          .orElse(List.of());
    }
    problems.add(
        Typed.named(from),
        "tcp_proxy, http_connection_manager, direct_response, rbac, local_ratelimit or"
            + " set_filter_state");
    return List.of();
  }

  private static List<NetworkFilter> list(Optional<? extends NetworkFilter> filter) {
    return filter.isPresent() ? List.of(filter.get()) : List.of();
  }
}
