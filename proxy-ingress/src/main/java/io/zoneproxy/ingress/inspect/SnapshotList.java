package io.zoneproxy.ingress.inspect;

import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.EndpointSpec;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.LocalityEndpoints;
import io.zoneproxy.core.model.NetworkFilter;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.TransportProtocol;
import io.zoneproxy.core.model.tls.ServerTls;
import io.zoneproxy.core.text.Lines;
import io.zoneproxy.ingress.explain.ChainVerdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A control plane's snapshot as {@code validate} shows it. */
final class SnapshotList {
  private SnapshotList() {}

  /**
   * A chain as it was sent: the model has one for each server name.
   *
   * @param serverNames sorted; empty takes what no other chain takes
   */
  private record Chain(String name, List<String> serverNames, ChainVerdict verdict) {}

  /** What chains with different server names have in common when they are one. */
  private record Key(
      String name,
      TransportProtocol transport,
      Optional<ServerTls> tls,
      List<NetworkFilter> filters,
      Terminal terminal) {}

  private static List<Chain> chains(ListenerSpec listener, ProxySnapshot snapshot) {
    Map<Key, List<ChainSpec>> together = new LinkedHashMap<>();
    listener.chains().stream()
        .sorted(Comparator.comparing(ChainSpec::serverName))
        .forEach(
            chain ->
                together
                    .computeIfAbsent(
                        new Key(
                            chain.name(),
                            chain.transport(),
                            chain.tls(),
                            chain.filters(),
                            chain.terminal()),
                        key -> new ArrayList<>())
                    .add(chain));
    List<Chain> chains = new ArrayList<>();
    together.forEach(
        (key, same) ->
            chains.add(
                new Chain(
                    key.name(),
                    same.stream().map(ChainSpec::serverName).filter(n -> !n.isEmpty()).toList(),
                    ChainVerdict.of(same.get(0), snapshot))));
    return chains;
  }

  /**
   * Whether a chain refuses connections, whatever engines there are. One without filters closes
   * them because the control plane wants it: so does Envoy.
   */
  static boolean refusesAny(ProxySnapshot snapshot) {
    return snapshot.listeners().stream()
        .flatMap(listener -> listener.chains().stream())
        .filter(chain -> !chain.terminal().equals(Terminal.Refusal.NO_FILTERS))
        .anyMatch(
            chain -> ChainVerdict.of(chain, snapshot).action() == ChainVerdict.Action.REFUSED);
  }

  static List<Object> listeners(ProxySnapshot snapshot) {
    List<Object> list = new ArrayList<>();
    for (ListenerSpec listener : sorted(snapshot)) {
      List<Object> chains = new ArrayList<>();
      for (Chain chain : chains(listener, snapshot)) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("name", chain.name());
        one.put("serverNames", chain.serverNames());
        one.put("action", chain.verdict().action().toString());
        one.put("reason", chain.verdict().reason());
        one.put("clusters", chain.verdict().clusters());
        chains.add(one);
      }
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("name", listener.name());
      one.put("address", listener.address().toString());
      one.put("chains", chains);
      list.add(one);
    }
    return list;
  }

  static List<Object> clusters(ProxySnapshot snapshot) {
    List<Object> list = new ArrayList<>();
    for (ClusterSpec cluster : new TreeMap<>(snapshot.clusters()).values()) {
      List<Object> endpoints = new ArrayList<>();
      for (LocalityEndpoints group : cluster.localities()) {
        for (EndpointSpec endpoint : group.endpoints()) {
          Map<String, Object> one = new LinkedHashMap<>();
          one.put("address", endpoint.address().toString());
          one.put("weight", endpoint.weight());
          one.put("priority", group.priority());
          endpoints.add(one);
        }
      }
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("name", cluster.name());
      one.put("endpoints", endpoints);
      list.add(one);
    }
    return list;
  }

  static void text(ProxySnapshot snapshot, Lines text) {
    for (ListenerSpec listener : sorted(snapshot)) {
      List<Chain> chains = chains(listener, snapshot);
      text.add(
          "listener %s at %s: %d chains"
              .formatted(listener.name(), listener.address(), chains.size()));
      chains.forEach(chain -> text(chain, text));
    }
    for (ClusterSpec cluster : new TreeMap<>(snapshot.clusters()).values()) {
      text.add("cluster " + cluster.name());
      for (LocalityEndpoints group : cluster.localities()) {
        for (EndpointSpec endpoint : group.endpoints()) {
          text.add(
              "  endpoint %s priority %d weight %d"
                  .formatted(endpoint.address(), group.priority(), endpoint.weight()));
        }
      }
    }
  }

  private static void text(Chain chain, Lines text) {
    ChainVerdict verdict = chain.verdict();
    StringBuilder line = new StringBuilder("  chain ");
    line.append(chain.name()).append(chain.name().isEmpty() ? "" : " ").append(verdict.action());
    verdict.clusters().forEach(cluster -> line.append(" -> ").append(cluster));
    line.append(verdict.reason().isEmpty() ? "" : " (" + verdict.reason() + ")");
    text.add(line.toString());
    chain.serverNames().forEach(name -> text.add("    sni " + name));
  }

  private static List<ListenerSpec> sorted(ProxySnapshot snapshot) {
    return snapshot.listeners().stream().sorted(Comparator.comparing(ListenerSpec::name)).toList();
  }
}
