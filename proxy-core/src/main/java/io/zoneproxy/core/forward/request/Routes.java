package io.zoneproxy.core.forward.request;

import io.zoneproxy.core.http.route.VirtualHosts;
import io.zoneproxy.core.model.http.HttpFilter;
import io.zoneproxy.core.model.http.RouteTable;
import io.zoneproxy.core.observe.request.LimitStats;
import io.zoneproxy.core.upstream.Cluster;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The compiled routes of a chain. Immutable, but for the tokens of limits. */
public final class Routes {
  private final VirtualHosts<List<Route>> hosts;

  private Routes(VirtualHosts<List<Route>> hosts) {
    this.hosts = hosts;
  }

  /**
   * Compiles.
   *
   * @param clusters finds the running cluster of a name
   * @param limits counts what limits of routes decide
   * @throws IllegalArgumentException for what cannot be decided or done here
   */
  public static Routes of(RouteTable table, Function<String, Cluster> clusters, LimitStats limits) {
    IdentityHashMap<HttpFilter.RateLimit, RequestLimit> shared = new IdentityHashMap<>();
    return new Routes(
        VirtualHosts.of(
            table.hosts().stream()
                .map(
                    host ->
                        new VirtualHosts.Entry<>(
                            host.domains(),
                            host.routes().stream()
                                .map(
                                    route ->
                                        Route.of(
                                            route,
                                            table.headers(),
                                            clusters,
                                            limit(route, limits, shared)))
                                .toList()))
                .toList()));
  }

  /**
   * Routes with one limit, the same object, have one bucket: callers of one limit may differ in
   * their times. A control plane's are each their own, as in Envoy.
   */
  private static Optional<RequestLimit> limit(
      RouteTable.Route route,
      LimitStats stats,
      IdentityHashMap<HttpFilter.RateLimit, RequestLimit> shared) {
    if (!(route.limit() instanceof HttpFilter.RateLimit one)) {
      return Optional.empty();
    }
    RequestLimit known = shared.get(one);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<RequestLimit> fresh = RequestLimit.of(one, stats);
    fresh.ifPresent(limit -> shared.put(one, limit));
    return fresh;
  }

  /** The first route that takes a request; null when none does. */
  public @Nullable Route find(ForwardedRequest request) {
    List<Route> routes = hosts.find(request.authority());
    if (routes != null) {
      for (Route route : routes) {
        if (route.takes(request)) {
          return route;
        }
      }
    }
    return null;
  }
}
