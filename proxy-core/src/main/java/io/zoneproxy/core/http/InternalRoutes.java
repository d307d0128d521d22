package io.zoneproxy.core.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.zoneproxy.core.model.Address;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.http.HttpFilter;
import io.zoneproxy.core.model.http.HttpSpec;
import io.zoneproxy.core.model.http.RouteAction;
import io.zoneproxy.core.model.http.RouteTable;
import io.zoneproxy.core.model.http.RouteTable.VirtualHost;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
  private record Host(List<String> domains, List<InternalRoute> routes) {}

  private final List<Host> hosts;

  private InternalRoutes(List<Host> hosts) {
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
    List<Host> hosts = new ArrayList<>();
    for (VirtualHost host : table.hosts()) {
      List<InternalRoute> routes = new ArrayList<>();
      for (RouteTable.Route route : host.routes()) {
        Optional<InternalRoute> compiled = InternalRoute.of(route, table.headers(), own);
        if (compiled.isEmpty()) {
          return Optional.empty();
        }
        routes.add(compiled.get());
      }
      hosts.add(new Host(host.domains(), List.copyOf(routes)));
    }
    return Optional.of(new InternalRoutes(List.copyOf(hosts)));
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
    String name = request.headers().get(HttpHeaderNames.HOST, "").toLowerCase(Locale.ROOT);
    Host best = null;
    int rank = 0;
    for (Host host : hosts) {
      for (String domain : host.domains()) {
        int fit = rank(domain, name);
        if (fit > rank) {
          rank = fit;
          best = host;
        }
      }
    }
    if (best != null) {
      for (InternalRoute route : best.routes()) {
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

  /** How well a domain fits; 0 = not at all. The longer of two wildcards of a kind wins. */
  private static int rank(String domain, String name) {
    int length = domain.length();
    if (domain.equals(name)) {
      return Integer.MAX_VALUE;
    }
    if (domain.equals("*")) {
      return 1;
    }
    if (domain.startsWith("*") && name.length() >= length && name.endsWith(domain.substring(1))) {
      return (1 << 20) + length; // above every prefix: a domain is shorter than a mebibyte
    }
    boolean prefix = domain.endsWith("*") && name.length() >= length;
    return prefix && name.startsWith(domain.substring(0, length - 1)) ? 1 + length : 0;
  }
}
