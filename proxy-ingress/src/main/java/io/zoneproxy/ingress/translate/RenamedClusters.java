package io.zoneproxy.ingress.translate;

import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.balance.Destination;
import io.zoneproxy.core.model.http.HttpSpec;
import io.zoneproxy.core.model.http.RouteAction;
import io.zoneproxy.core.model.http.RouteTable;
import java.util.function.UnaryOperator;

/** The same end of a chain with other names for its clusters. */
final class RenamedClusters {
  private RenamedClusters() {}

  static Terminal in(Terminal end, UnaryOperator<String> names) {
    if (end instanceof Terminal.TcpProxy relay) {
      return new Terminal.TcpProxy(
          in(relay.to(), names), CollectorNames.in(relay.options(), names));
    }
    return end instanceof Terminal.HttpProxy proxy
        ? new Terminal.HttpProxy(in(proxy.http(), names))
        : end;
  }

  private static HttpSpec in(HttpSpec http, UnaryOperator<String> names) {
    RouteTable table = http.routes();
    RouteTable renamed =
        new RouteTable(
            table.name(),
            table.hosts().stream()
                .map(
                    host ->
                        new RouteTable.VirtualHost(
                            host.name(),
                            host.domains(),
                            host.routes().stream().map(route -> in(route, names)).toList()))
                .toList(),
            table.headers());
    return new HttpSpec(
        http.name(),
        http.timeouts(),
        http.filters(),
        renamed,
        http.internal(),
        CollectorNames.in(http.accessLogs(), names),
        http.tracing().map(tracing -> CollectorNames.in(tracing, names)));
  }

  private static RouteTable.Route in(RouteTable.Route route, UnaryOperator<String> names) {
    if (!(route.action() instanceof RouteAction.Forward forward)) {
      return route;
    }
    RouteAction renamed =
        new RouteAction.Forward(
            in(forward.to(), names),
            forward.timeout(),
            forward.idleTimeout(),
            forward.hostRewrite(),
            forward.prefixRewrite(),
            forward.hash());
    return new RouteTable.Route(
        route.name(), route.match(), renamed, route.headers(), route.limit());
  }

  private static Destination in(Destination to, UnaryOperator<String> names) {
    if (to instanceof Destination.Split split) {
      return new Destination.Split(
          split.shares().stream()
              .map(share -> new Destination.Share(in(share.to(), names), share.weight()))
              .toList());
    }
    return in((Destination.ToCluster) to, names);
  }

  private static Destination.ToCluster in(Destination.ToCluster to, UnaryOperator<String> names) {
    return new Destination.ToCluster(names.apply(to.cluster()), to.subset());
  }
}
