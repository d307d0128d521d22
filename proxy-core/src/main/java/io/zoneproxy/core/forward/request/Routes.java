package io.zoneproxy.core.forward.request;

import io.zoneproxy.core.http.route.VirtualHosts;
import io.zoneproxy.core.model.http.RouteTable;
import io.zoneproxy.core.observe.request.LimitStats;
import io.zoneproxy.core.upstream.Cluster;
import java.util.List;
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
    return new Routes(
        VirtualHosts.of(
            table.hosts().stream()
                .map(
                    host ->
                        new VirtualHosts.Entry<>(
                            host.domains(),
                            host.routes().stream()
                                .map(route -> Route.of(route, table.headers(), clusters, limits))
                                .toList()))
                .toList()));
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
