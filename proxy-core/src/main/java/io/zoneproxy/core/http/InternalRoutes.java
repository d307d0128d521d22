package io.zoneproxy.core.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.zoneproxy.core.http.route.VirtualHosts;
import io.zoneproxy.core.model.Address;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.http.HttpFilter;
import io.zoneproxy.core.model.http.HttpSpec;
import io.zoneproxy.core.model.http.RouteAction;
import io.zoneproxy.core.model.http.RouteTable;
import io.zoneproxy.core.model.http.RouteTable.VirtualHost;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The routes of a chain that is served inside the process. As in Envoy the host's most specific
 * domain chooses the virtual host (exact, then {@code *.suffix}, then {@code prefix.*}, then {@code
 * *}), and there the first route that fits counts. Immutable.
 */
final class InternalRoutes implements HttpService {
  private final VirtualHosts<List<InternalRoute>> hosts;

  private InternalRoutes(VirtualHosts<List<InternalRoute>> hosts) {
    this.hosts = hosts;
  }

  /**
   * The routes; empty when something in them cannot be done here.
   *
   * @throws IllegalArgumentException for a regular expression that is none, or that is too large
   */
  static Optional<InternalRoutes> of(
      HttpSpec http, Map<String, ClusterSpec> clusters, Map<Address, HttpService> parts) {
    if (!http.filters().stream().allMatch(InternalRoutes::doesNothing)) {
      return Optional.empty();
    }
    RouteTable table = http.routes();
    OwnClusters own = new OwnClusters(clusters, parts);
    List<VirtualHosts.Entry<List<InternalRoute>>> hosts = new ArrayList<>();
    for (VirtualHost host : table.hosts()) {
      List<InternalRoute> routes = new ArrayList<>();
      for (RouteTable.Route route : host.routes()) {
        Optional<InternalRoute> compiled = InternalRoute.of(route, table.headers(), own);
        if (compiled.isEmpty()) {
          return Optional.empty();
        }
        routes.add(compiled.get());
      }
      hosts.add(new VirtualHosts.Entry<>(host.domains(), List.copyOf(routes)));
    }
    return Optional.of(new InternalRoutes(VirtualHosts.of(hosts)));
  }

  /** The part of this proxy behind each route that leads somewhere, in order. */
  static List<Optional<HttpService>> targets(
      HttpSpec http, Map<String, ClusterSpec> clusters, Map<Address, HttpService> parts) {
    OwnClusters own = new OwnClusters(clusters, parts);
    return http.routes().hosts().stream()
        .flatMap(host -> host.routes().stream())
        .map(RouteTable.Route::action)
        .filter(RouteAction.Forward.class::isInstance)
        .map(action -> own.behind(((RouteAction.Forward) action).to()))
        .toList();
  }

  private static boolean doesNothing(HttpFilter filter) {
    return filter instanceof HttpFilter.Off || filter instanceof HttpFilter.Router;
  }

  @Override
  public CompletionStage<Answer> answer(Request request) {
    if (!request.uri().startsWith("/")) {
      return now(Answer.BAD_REQUEST); // the form for proxies has no business here
    }
    List<InternalRoute> routes = hosts.find(request.headers().get(HttpHeaderNames.HOST, ""));
    if (routes != null) {
      for (InternalRoute route : routes) {
        if (route.takes(request)) {
          return route.answer(request);
        }
      }
    }
    return now(Answer.NOT_FOUND);
  }

  private static CompletionStage<Answer> now(int status) {
    return CompletableFuture.completedFuture(Answer.bare(status, "", ""));
  }
}
