package io.zoneproxy.ingress.driven;

import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.balance.Destination;
import io.zoneproxy.core.model.http.HttpSpec;
import io.zoneproxy.core.model.http.RouteAction;
import io.zoneproxy.core.model.http.RouteTable;
import io.zoneproxy.core.model.http.RouteTable.Route;
import io.zoneproxy.core.model.http.RouteTable.VirtualHost;
import io.zoneproxy.core.model.tls.SecretName;
import io.zoneproxy.core.model.tls.SecretSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The configurations of several proxies in one process as one. Clusters and secrets of different
 * proxies may be called alike, so their names get the role in front of them.
 */
final class SnapshotMerge {
  private final List<ListenerSpec> listeners = new ArrayList<>();
  private final Set<Object> addresses = new HashSet<>();
  private final Map<String, ClusterSpec> clusters = new LinkedHashMap<>();
  private final Map<SecretName, SecretSpec> secrets = new HashMap<>();

  private SnapshotMerge() {}

  /**
   * All in one.
   *
   * @param byRole in the order of the roles; one alone stays as it is
   */
  static ProxySnapshot merge(Map<String, ProxySnapshot> byRole) {
    if (byRole.size() == 1) {
      return byRole.values().iterator().next();
    }
    SnapshotMerge merge = new SnapshotMerge();
    byRole.forEach(merge::add);
    return new ProxySnapshot(merge.listeners, merge.clusters, merge.secrets);
  }

  private void add(String role, ProxySnapshot snapshot) {
    for (ListenerSpec listener : snapshot.listeners()) {
      // Both may be sent a listener for the one admin port of the process: the first has it.
      if (addresses.add(listener.address())) {
        listeners.add(
            new ListenerSpec(
                role + "/" + listener.name(),
                listener.address(),
                listener.peek(),
                listener.chains().stream().map(chain -> renamed(role, chain)).toList(),
                listener.statPrefix()));
      }
    }
    for (ClusterSpec cluster : snapshot.clusters().values()) {
      String name = role + "/" + cluster.name();
      clusters.put(
          name, new ClusterSpec(name, cluster.statName(), cluster.localities(), cluster.policy()));
    }
    secrets.putAll(snapshot.secrets());
  }

  private static ChainSpec renamed(String role, ChainSpec chain) {
    return new ChainSpec(
        chain.name(),
        chain.serverName(),
        chain.transport(),
        chain.tls(),
        chain.filters(),
        renamed(role, chain.terminal()));
  }

  private static Terminal renamed(String role, Terminal terminal) {
    if (terminal instanceof Terminal.TcpProxy relay) {
      return new Terminal.TcpProxy(renamed(role, relay.to()), relay.options());
    }
    return terminal instanceof Terminal.HttpProxy proxy
        ? new Terminal.HttpProxy(renamed(role, proxy.http()))
        : terminal;
  }

  private static HttpSpec renamed(String role, HttpSpec http) {
    List<VirtualHost> hosts =
        http.routes().hosts().stream()
            .map(
                host ->
                    new VirtualHost(
                        host.name(),
                        host.domains(),
                        host.routes().stream().map(route -> renamed(role, route)).toList()))
            .toList();
    return new HttpSpec(
        http.name(),
        http.timeouts(),
        http.filters(),
        new RouteTable(http.routes().name(), hosts, http.routes().headers()),
        http.internal(),
        http.accessLogs(),
        http.tracing());
  }

  private static Route renamed(String role, Route route) {
    if (!(route.action() instanceof RouteAction.Forward to)) {
      return route;
    }
    return new Route(
        route.name(),
        route.match(),
        new RouteAction.Forward(
            renamed(role, to.to()),
            to.timeout(),
            to.idleTimeout(),
            to.hostRewrite(),
            to.prefixRewrite(),
            to.hash()),
        route.headers(),
        route.limit());
  }

  private static Destination renamed(String role, Destination to) {
    if (to instanceof Destination.Split split) {
      return new Destination.Split(
          split.shares().stream()
              .map(share -> new Destination.Share(renamed(role, share.to()), share.weight()))
              .toList());
    }
    return renamed(role, (Destination.ToCluster) to);
  }

  private static Destination.ToCluster renamed(String role, Destination.ToCluster to) {
    return new Destination.ToCluster(role + "/" + to.cluster(), to.subset());
  }
}
