package io.zoneproxy.core.model;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The whole configuration of a proxy, immutable. Both sources make it (a control plane's resources
 * and resource files), and everything behind it is the same code.
 *
 * @param listeners with distinct names
 * @param clusters by name; every cluster that a chain names is there
 */
public record ProxySnapshot(List<ListenerSpec> listeners, Map<String, ClusterSpec> clusters) {
  /** Nothing to listen on; a legal, complete configuration. */
  public static final ProxySnapshot EMPTY = new ProxySnapshot(List.of(), Map.of());

  public ProxySnapshot {
    listeners = List.copyOf(listeners);
    clusters = Map.copyOf(clusters);
    Set<String> names = new HashSet<>();
    for (ListenerSpec listener : listeners) {
      if (!names.add(listener.name())) {
        throw new IllegalArgumentException("listener " + listener.name() + ": more than once");
      }
      for (ChainSpec chain : listener.chains()) {
        requireCluster(listener, chain, clusters);
      }
    }
  }

  private static void requireCluster(
      ListenerSpec listener, ChainSpec chain, Map<String, ClusterSpec> clusters) {
    if (chain.action() instanceof ChainAction.Passthrough to
        && !clusters.containsKey(to.cluster())) {
      throw new IllegalArgumentException(
          "listener %s, chain %s: no cluster %s in the snapshot"
              .formatted(listener.name(), chain.serverName(), to.cluster()));
    }
  }
}
