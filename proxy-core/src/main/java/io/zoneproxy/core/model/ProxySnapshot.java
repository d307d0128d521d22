package io.zoneproxy.core.model;

import io.zoneproxy.core.model.balance.Destination;
import io.zoneproxy.core.model.tls.SecretName;
import io.zoneproxy.core.model.tls.SecretSpec;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The whole configuration of a proxy, immutable. Both sources make it (a control plane's resources
 * and resource files), and everything behind it is the same code. What did not change from one to
 * the next should be the same object: then nobody compares it.
 */
public final class ProxySnapshot {
  /** Nothing to listen on; a legal, complete configuration. */
  public static final ProxySnapshot EMPTY = new ProxySnapshot(List.of(), Map.of());

  private final List<ListenerSpec> listeners;
  private final ShardedMap<ClusterSpec> clusters;
  private final Map<SecretName, SecretSpec> secrets;

  /**
   * Checked from top to bottom.
   *
   * @param listeners with distinct names
   * @param clusters by name; every cluster that a chain relays to is there
   * @param secrets those that have come; a chain that names another waits for it
   */
  public ProxySnapshot(
      List<ListenerSpec> listeners,
      Map<String, ClusterSpec> clusters,
      Map<SecretName, SecretSpec> secrets) {
    this(listeners, ShardedMap.copyOf(clusters), secrets, Map.of());
  }

  /** Without secrets. */
  public ProxySnapshot(List<ListenerSpec> listeners, Map<String, ClusterSpec> clusters) {
    this(listeners, clusters, Map.of());
  }

  /**
   * @param sure by name, listeners all of whose clusters are there
   */
  private ProxySnapshot(
      List<ListenerSpec> listeners,
      ShardedMap<ClusterSpec> clusters,
      Map<SecretName, SecretSpec> secrets,
      Map<String, ListenerSpec> sure) {
    this.listeners = List.copyOf(listeners);
    this.clusters = clusters;
    this.secrets = Map.copyOf(secrets);
    Set<String> names = new HashSet<>();
    for (ListenerSpec listener : listeners) {
      if (!names.add(listener.name())) {
        throw new IllegalArgumentException("listener " + listener.name() + ": more than once");
      }
      ListenerSpec known = sure.get(listener.name());
      for (ChainSpec chain : known == null ? listener.chains() : listener.chainsNotIn(known)) {
        requireClusters(listener, chain, clusters);
      }
    }
  }

  private static void requireClusters(
      ListenerSpec listener, ChainSpec chain, Map<String, ClusterSpec> clusters) {
    if (chain.terminal() instanceof Terminal.TcpProxy relay
        && relay.to() instanceof Destination.ToCluster one
        && clusters.containsKey(one.cluster())) {
      return; // nearly always: no list is made for it
    }
    for (Destination.ToCluster to : chain.relaysTo()) {
      if (!clusters.containsKey(to.cluster())) {
        throw new IllegalArgumentException(
            "listener %s, chain %s: no cluster %s in the snapshot"
                .formatted(listener.name(), chain.serverName(), to.cluster()));
      }
    }
  }

  /** The next one: what was checked in this one is checked again only when a cluster is gone. */
  public ProxySnapshot next(
      List<ListenerSpec> listenersNow,
      ShardedMap<ClusterSpec> clustersNow,
      Map<SecretName, SecretSpec> secretsNow) {
    Map<String, ListenerSpec> sure = new HashMap<>();
    if (clusters.missingIn(clustersNow).isEmpty()) {
      listeners.forEach(listener -> sure.put(listener.name(), listener));
    }
    return new ProxySnapshot(listenersNow, clustersNow, secretsNow, sure);
  }

  /** With distinct names. */
  public List<ListenerSpec> listeners() {
    return listeners;
  }

  /** By name; every cluster that a chain relays to is there. */
  public ShardedMap<ClusterSpec> clusters() {
    return clusters;
  }

  /** Those that have come. */
  public Map<SecretName, SecretSpec> secrets() {
    return secrets;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ProxySnapshot that
        && listeners.equals(that.listeners)
        && clusters.equals(that.clusters)
        && secrets.equals(that.secrets);
  }

  @Override
  public int hashCode() {
    return Objects.hash(listeners, clusters, secrets);
  }

  @Override
  public String toString() {
    return "ProxySnapshot[listeners=%s, clusters=%s, secrets=%s]"
        .formatted(listeners, clusters, secrets.keySet());
  }
}
