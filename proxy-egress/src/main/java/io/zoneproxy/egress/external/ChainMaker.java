package io.zoneproxy.egress.external;

import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.NetworkFilter;
import io.zoneproxy.core.model.TcpOptions;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.TransportProtocol;
import io.zoneproxy.core.model.balance.Destination;
import io.zoneproxy.core.model.balance.HashPolicy;
import io.zoneproxy.core.model.http.HttpFilter;
import io.zoneproxy.core.model.http.HttpSpec;
import io.zoneproxy.core.model.http.RouteAction;
import io.zoneproxy.core.model.http.RouteTable;
import io.zoneproxy.core.model.policy.Cidr;
import io.zoneproxy.core.model.policy.Fraction;
import io.zoneproxy.core.model.policy.RbacSpec;
import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.egress.policy.CallTimeouts;
import io.zoneproxy.egress.policy.CallerRoute;
import io.zoneproxy.egress.policy.ChainPolicy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes chains as a control plane would. */
final class ChainMaker {
  /** A client that is no sidecar may say what it speaks; the order is that of a server of today. */
  private static final List<String> HTTP_ALPN = List.of("h2", "http/1.1");

  /** What kuma-cp takes for internal without a word on it. */
  private static final List<Cidr> INTERNAL =
      List.of(
          new Cidr("10.0.0.0", 8),
          new Cidr("192.168.0.0", 16),
          new Cidr("172.16.0.0", 12),
          new Cidr("127.0.0.1", 32),
          new Cidr("fc00::", 7),
          new Cidr("fd00::", 8),
          new Cidr("::1", 128));

  /** Limits nothing itself: the route has the bucket. */
  private static final HttpFilter LIMIT_OF_ROUTE =
      new HttpFilter.RateLimit(
          Optional.empty(),
          429, // RFC 6585 §4; the route has its own
          List.of(),
          new Fraction(0, 100),
          new Fraction(0, 100));

  /** What is noted of a caller: the URIs of the certificate. */
  private static final String PEER = "%DOWNSTREAM_PEER_URI_SAN%";

  private final String statPrefix;

  /**
   * @param listener its name stands before the counters of permissions
   */
  ChainMaker(String listener) {
    statPrefix = listener.replaceAll("[^A-Za-z0-9_-]", "_") + ".";
  }

  /**
   * What chains of a service have in common.
   *
   * @param tls how it ends
   * @param name of the chains
   * @param stats of their HTTP in statistics
   * @param table of their routes
   */
  record Service(MeshTls tls, String name, String stats, String table, Protocol protocol) {}

  /** A chain that ends TLS, asks who may pass, does what policies say, and goes on. */
  ChainSpec chain(
      Service service,
      String serverName,
      Destination.ToCluster to,
      RbacSpec permissions,
      ChainPolicy policy) {
    boolean http = service.protocol().isHttp();
    List<NetworkFilter> filters = new ArrayList<>();
    if (http) {
      policy.some().stream()
          .flatMap(some -> some.callers().keySet().stream())
          .distinct()
          .sorted() // so that the same policies make the same chain
          .forEach(key -> filters.add(new NetworkFilter.SetFilterState(key, PEER)));
    } else {
      filters.add(new NetworkFilter.Rbac(statPrefix, permissions));
    }
    policy.connections().ifPresent(bucket -> filters.add(new NetworkFilter.RateLimit(bucket)));
    return new ChainSpec(
        service.name(),
        serverName,
        TransportProtocol.TLS,
        Optional.of(service.tls().end(http ? HTTP_ALPN : List.of())),
        filters,
        http
            ? new Terminal.HttpProxy(http(service, to, permissions, policy))
            : new Terminal.TcpProxy(to, relay(policy.timeouts())));
  }

  private static TcpOptions relay(CallTimeouts timeouts) {
    return timeouts.idle().isEmpty()
        ? TcpOptions.DEFAULT
        : new TcpOptions(timeouts.idle(), List.of(), List.of(), false);
  }

  /** A chain that takes the name and refuses: nobody else may take it. */
  static ChainSpec refusal(String name, String serverName, String why) {
    return new ChainSpec(
        name,
        serverName,
        TransportProtocol.TLS,
        Optional.empty(),
        List.of(),
        new Terminal.Refusal(why));
  }

  private static HttpSpec http(
      Service service, Destination.ToCluster to, RbacSpec permissions, ChainPolicy policy) {
    List<RouteTable.Route> routes = new ArrayList<>();
    for (CallerRoute some : policy.some()) {
      routes.add(route(service.tls(), to, some, policy.hash()));
    }
    CallTimeouts times = policy.timeouts();
    CallerRoute everybody =
        new CallerRoute(Map.of(), policy.requests(), times.response(), times.stillness());
    routes.add(route(service.tls(), to, everybody, policy.hash()));
    List<HttpFilter> filters = new ArrayList<>();
    filters.add(new HttpFilter.Rbac(permissions));
    filters.addAll(policy.faults());
    if (routes.stream().anyMatch(route -> route.limit() instanceof HttpFilter.RateLimit)) {
      filters.add(LIMIT_OF_ROUTE);
    }
    filters.add(new HttpFilter.Router());
    RouteTable.VirtualHost host = new RouteTable.VirtualHost(service.stats(), List.of("*"), routes);
    return new HttpSpec(
        service.stats(),
        policy.timeouts().http(),
        filters,
        new RouteTable(service.table(), List.of(host), RouteTable.Headers.NONE),
        INTERNAL,
        List.of(),
        Optional.empty());
  }

  private static RouteTable.Route route(
      MeshTls tls, Destination.ToCluster to, CallerRoute callers, List<HashPolicy> hash) {
    Map<String, StringMatch> noted = new HashMap<>();
    callers.callers().forEach((key, who) -> noted.put(key, tls.among(who)));
    RouteAction forward =
        new RouteAction.Forward(
            to,
            Optional.of(callers.response()),
            callers.stillness(),
            new RouteAction.HostRewrite.OfEndpoint(),
            Optional.empty(),
            hash);
    return new RouteTable.Route(
        "",
        new RouteTable.RouteMatch(StringMatch.prefix("/"), List.of(), noted),
        forward,
        RouteTable.Headers.NONE,
        callers.requests().orElse(HttpFilter.OFF));
  }
}
