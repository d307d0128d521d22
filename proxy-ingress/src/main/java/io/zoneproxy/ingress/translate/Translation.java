package io.zoneproxy.ingress.translate;

import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.resource.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the resources make of one own resource, or of several.
 *
 * @param role {@code egress}, {@code ingress} or {@code dataplane}
 * @param listeners with distinct names
 * @param clusters by name; every one that a chain names is there
 * @param notices warnings about what is not served, or not as the user may think
 * @param owners of the chains that are more than a relay
 */
public record Translation(
    String role,
    List<ListenerSpec> listeners,
    Map<String, ClusterSpec> clusters,
    List<Problem> notices,
    Map<ChainKey, RouteOwner> owners) {
  public Translation {
    listeners = List.copyOf(listeners);
    clusters = Map.copyOf(clusters);
    notices = List.copyOf(notices);
    owners = Map.copyOf(owners);
  }

  /** Of relays alone. */
  public Translation(
      String role,
      List<ListenerSpec> listeners,
      Map<String, ClusterSpec> clusters,
      List<Problem> notices) {
    this(role, listeners, clusters, notices, Map.of());
  }

  /**
   * Puts the translations of one process together.
   *
   * <p>A mesh's service is a cluster of one name for both roles, with other endpoints: ingresses of
   * other zones for an egress, local data planes for an ingress. So with several roles in a process
   * the clusters of every role but the first carry it: {@code ingress/default:backend}. That holds
   * whether names clash or not, so that a service that appears in another zone renames nothing
   * under live connections. Statistics keep Kuma's name ({@link ClusterSpec#statName()}).
   *
   * @param parts of the same resources and zone, in the order of the own resources; their listeners
   *     have distinct addresses, except that port 0 may come again
   * @return its role is that of the first part; of equal notices one is kept
   * @throws IllegalArgumentException if two listeners have one address, or two parts of one role
   *     have different clusters of one name, which one set of resources cannot make
   */
  public static Translation merge(List<Translation> parts) {
    String firstRole = parts.isEmpty() ? "" : parts.get(0).role();
    List<ListenerSpec> listeners = new ArrayList<>();
    Map<String, ClusterSpec> clusters = new LinkedHashMap<>();
    Set<Problem> notices = new LinkedHashSet<>();
    Map<ChainKey, RouteOwner> owners = new HashMap<>();
    for (Translation part : parts) {
      Translation named = part.role().equals(firstRole) ? part : part.withRoleInClusterNames();
      Map<String, String> names = new HashMap<>();
      for (ListenerSpec listener : named.listeners()) {
        names.put(listener.name(), addListener(listeners, listener));
      }
      named.clusters().values().forEach(cluster -> addCluster(clusters, cluster));
      notices.addAll(named.notices());
      named
          .owners()
          .forEach(
              (chain, owner) -> {
                String listener = names.getOrDefault(chain.listener(), chain.listener());
                owners.put(new ChainKey(listener, chain.serverName()), owner);
              });
    }
    return new Translation(firstRole, listeners, clusters, List.copyOf(notices), owners);
  }

  /** The configuration without the notices. */
  public ProxySnapshot snapshot() {
    return new ProxySnapshot(listeners, clusters);
  }

  /** The same without the listeners that have no chain. */
  public Translation withoutIdleListeners() {
    List<ListenerSpec> busy =
        listeners.stream().filter(listener -> !listener.chains().isEmpty()).toList();
    return new Translation(role, busy, clusters, notices, owners);
  }

  private Translation withRoleInClusterNames() {
    Map<String, ClusterSpec> renamed = new LinkedHashMap<>();
    for (ClusterSpec cluster : clusters.values()) {
      String name = withRole(cluster.name());
      renamed.put(name, new ClusterSpec(name, cluster.localities(), cluster.policy()));
    }
    return new Translation(
        role, listeners.stream().map(this::withRole).toList(), renamed, notices, owners);
  }

  private ListenerSpec withRole(ListenerSpec listener) {
    return listener.withChains(listener.chains().stream().map(this::withRole).toList());
  }

  private ChainSpec withRole(ChainSpec chain) {
    return chain.withTerminal(RenamedClusters.in(chain.terminal(), this::withRole));
  }

  private String withRole(String cluster) {
    return role + "/" + cluster;
  }

  /** Gives its name, which may be another one now. */
  private static String addListener(List<ListenerSpec> listeners, ListenerSpec listener) {
    long same =
        listeners.stream().filter(other -> other.address().equals(listener.address())).count();
    if (same == 0) {
      listeners.add(listener);
      return listener.name();
    }
    if (listener.address() instanceof HostPort at && at.port() == 0) {
      // the kernel chooses two ports; the names must differ all the same
      String name = listener.name() + "#" + (same + 1);
      listeners.add(new ListenerSpec(name, listener.address(), listener.chains()));
      return name;
    }
    throw new IllegalArgumentException(
        "listener %s: another one has the address %s too"
            .formatted(listener.name(), listener.address()));
  }

  private static void addCluster(Map<String, ClusterSpec> clusters, ClusterSpec cluster) {
    ClusterSpec known = clusters.putIfAbsent(cluster.name(), cluster);
    if (known != null && !known.equals(cluster)) {
      throw new IllegalArgumentException(
          "cluster %s: twice, with different endpoints".formatted(cluster.name()));
    }
  }
}
