package io.zoneproxy.core.model;

import io.zoneproxy.core.model.balance.Destination;
import io.zoneproxy.core.model.tls.SecretName;
import io.zoneproxy.core.model.tls.SecretSpec;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The whole configuration of a proxy, immutable. Both sources make it (a control plane's resources
 * and resource files), and everything behind it is the same code.
 *
 * @param listeners with distinct names
 * @param clusters by name; every cluster that a chain relays to is there
 * @param secrets those that have come; a chain that names another waits for it
 */
public record ProxySnapshot(
    List<ListenerSpec> listeners,
    Map<String, ClusterSpec> clusters,
    Map<SecretName, SecretSpec> secrets) {
  /** Nothing to listen on; a legal, complete configuration. */
  public static final ProxySnapshot EMPTY = new ProxySnapshot(List.of(), Map.of());

  public ProxySnapshot {
    listeners = List.copyOf(listeners);
    clusters = Map.copyOf(clusters);
    secrets = Map.copyOf(secrets);
    Set<String> names = new HashSet<>();
    for (ListenerSpec listener : listeners) {
      if (!names.add(listener.name())) {
        throw new IllegalArgumentException("listener " + listener.name() + ": more than once");
      }
      for (ChainSpec chain : listener.chains()) {
        requireClusters(listener, chain, clusters);
      }
    }
  }

  /** Without secrets. */
  public ProxySnapshot(List<ListenerSpec> listeners, Map<String, ClusterSpec> clusters) {
    this(listeners, clusters, Map.of());
  }

  private static void requireClusters(
      ListenerSpec listener, ChainSpec chain, Map<String, ClusterSpec> clusters) {
    for (Destination.ToCluster to : chain.relaysTo()) {
      if (!clusters.containsKey(to.cluster())) {
        throw new IllegalArgumentException(
            "listener %s, chain %s: no cluster %s in the snapshot"
                .formatted(listener.name(), chain.serverName(), to.cluster()));
      }
    }
  }
}
