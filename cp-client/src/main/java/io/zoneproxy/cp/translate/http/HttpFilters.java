package io.zoneproxy.cp.translate.http;

import com.github.xds.core.v3.TypedExtensionConfig;
import com.google.protobuf.Any;
import io.envoyproxy.envoy.extensions.common.matching.v3.ExtensionWithMatcher;
import io.envoyproxy.envoy.extensions.filters.common.matcher.action.v3.SkipFilter;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.envoyproxy.envoy.extensions.filters.http.grpc_stats.v3.FilterConfig;
import io.envoyproxy.envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.zoneproxy.core.model.http.HttpFilter;
import io.zoneproxy.cp.translate.policy.Matchers;
import io.zoneproxy.cp.translate.policy.RbacTranslator;
import io.zoneproxy.cp.translate.value.Problems;
import io.zoneproxy.cp.translate.value.Typed;
import java.util.Optional;

/** Steps of a request, known by the type of what configures them; their names are free. */
final class HttpFilters {
  private HttpFilters() {}

  static Optional<HttpFilter> of(
      io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter from,
      Problems problems) {
    if (from.getDisabled()) {
      problems.at("disabled").add(true, "false");
    }
    if (!from.hasTypedConfig()) {
      problems.add(from.getConfigTypeCase(), "typed_config");
      return Optional.empty();
    }
    Problems at = problems.at("typed_config");
    if (Typed.is(from.getTypedConfig(), ExtensionWithMatcher.getDescriptor())) {
      return Typed.read(
              from.getTypedConfig(),
              ExtensionWithMatcher.getDescriptor(),
              ExtensionWithMatcher.parser(),
              at)
          .flatMap(conditional -> conditional(from.getName(), conditional, at));
    }
    return plain(from.getTypedConfig(), at);
  }

  private static Optional<HttpFilter> conditional(
      String name, ExtensionWithMatcher from, Problems problems) {
    if (!from.hasXdsMatcher()) {
      problems.add("no xds_matcher", "xds_matcher");
      return Optional.empty();
    }
    var skip = Matchers.tree(from.getXdsMatcher(), HttpFilters::skips, problems.at("xds_matcher"));
    return plain(
            from.getExtensionConfig().getTypedConfig(),
            problems.at("extension_config").at("typed_config"))
        .map(filter -> new HttpFilter.Conditional(name, filter, skip));
  }

  private static Optional<Boolean> skips(TypedExtensionConfig from, Problems problems) {
    return Typed.read(
            from.getTypedConfig(),
            SkipFilter.getDescriptor(),
            SkipFilter.parser(),
            problems.at("typed_config"))
        .map(skip -> true);
  }

  private static Optional<HttpFilter> plain(Any from, Problems problems) {
    return switch (Typed.type(from)) {
      case "envoy.extensions.filters.http.router.v3.Router" ->
          Typed.read(from, Router.getDescriptor(), Router.parser(), problems)
              .map(router -> new HttpFilter.Router());
      case "envoy.extensions.filters.http.rbac.v3.RBAC" ->
          Typed.read(from, RBAC.getDescriptor(), RBAC.parser(), problems)
              .map(rbac -> new HttpFilter.Rbac(RbacTranslator.http(rbac, problems)));
      case "envoy.extensions.filters.http.fault.v3.HTTPFault" ->
          Typed.read(from, HTTPFault.getDescriptor(), HTTPFault.parser(), problems)
              .map(fault -> Faults.of(fault, problems));
      case "envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit" ->
          Typed.read(from, LocalRateLimit.getDescriptor(), LocalRateLimit.parser(), problems)
              .map(limit -> RateLimits.of(limit, problems));
      case "envoy.extensions.filters.http.grpc_stats.v3.FilterConfig" ->
          Typed.read(from, FilterConfig.getDescriptor(), FilterConfig.parser(), problems)
              .map(stats -> new HttpFilter.GrpcStats());
      default -> {
        problems.add(Typed.named(from), "router, rbac, fault, local_ratelimit or grpc_stats");
        yield Optional.empty();
      }
    };
  }
}
