package io.zoneproxy.cp.translate.http;

import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.zoneproxy.core.model.balance.HashPolicy;
import io.zoneproxy.core.model.balance.HashPolicy.Source;
import io.zoneproxy.cp.translate.value.Numbers;
import io.zoneproxy.cp.translate.value.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What balancers by hash look at in requests. */
final class HashPolicies {
  private HashPolicies() {}

  static List<HashPolicy> of(List<RouteAction.HashPolicy> from, Problems problems) {
    List<HashPolicy> policies = new ArrayList<>(from.size());
    for (int i = 0; i < from.size(); i++) {
      boolean terminal = from.get(i).getTerminal();
      source(from.get(i), problems.at("hash_policy", i))
          .ifPresent(source -> policies.add(new HashPolicy(source, terminal)));
    }
    return policies;
  }

  private static Optional<Source> source(RouteAction.HashPolicy from, Problems problems) {
    return switch (from.getPolicySpecifierCase()) {
      case HEADER -> header(from.getHeader(), problems.at("header"));
      case COOKIE -> Optional.of(cookie(from.getCookie(), problems.at("cookie")));
      case CONNECTION_PROPERTIES -> address(from, problems.at("connection_properties"));
      case QUERY_PARAMETER ->
          Optional.of(new HashPolicy.QueryParameter(from.getQueryParameter().getName()));
      case FILTER_STATE -> Optional.of(new HashPolicy.FilterState(from.getFilterState().getKey()));
      default -> {
        problems.add(
            from.getPolicySpecifierCase(),
            "header, cookie, connection_properties, query_parameter or filter_state");
        yield Optional.empty();
      }
    };
  }

  private static Optional<Source> header(RouteAction.HashPolicy.Header from, Problems problems) {
    if (from.hasRegexRewrite()) {
      problems.at("regex_rewrite").add("set", "not set: it is not supported");
    }
    return Optional.of(new HashPolicy.Header(from.getHeaderName()));
  }

  private static Source cookie(RouteAction.HashPolicy.Cookie from, Problems problems) {
    return new HashPolicy.Cookie(
        from.getName(),
        Numbers.optional(from.hasTtl(), from.getTtl(), problems.at("ttl")),
        from.getPath());
  }

  private static Optional<Source> address(RouteAction.HashPolicy from, Problems problems) {
    if (!from.getConnectionProperties().getSourceIp()) {
      problems.at("source_ip").add(false, "true");
      return Optional.empty();
    }
    return Optional.of(new HashPolicy.SourceAddress());
  }
}
