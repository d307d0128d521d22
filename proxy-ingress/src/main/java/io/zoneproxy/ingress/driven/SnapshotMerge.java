package io.zoneproxy.ingress.driven;

import io.zoneproxy.core.model.Address;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.tls.SecretName;
import io.zoneproxy.core.model.tls.SecretSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The configurations of several proxies in one process as one. Listeners, clusters and secrets of
 * different proxies may be called alike, so each name gets the role in front of it (docs/adr/0005).
 */
final class SnapshotMerge {
  /** What kuma-cp calls the listener at the admin port, of which the process has one. */
  private static final Set<String> ADMIN = Set.of("kuma:envoy:admin", "system_envoy_admin");

  private final Map<Address, ListenerSpec> listeners = new LinkedHashMap<>();
  private final Map<String, ClusterSpec> clusters = new LinkedHashMap<>();
  private final Map<SecretName, SecretSpec> secrets = new HashMap<>();
  private final List<String> problems = new ArrayList<>();

  private SnapshotMerge() {}

  /**
   * All in one.
   *
   * @param problems what is not served, and why
   */
  record Merged(ProxySnapshot snapshot, List<String> problems) {
    Merged {
      problems = List.copyOf(problems);
    }
  }

  /**
   * Merges.
   *
   * @param byRole in the order of the roles; one alone stays as it is
   */
  static Merged merge(Map<String, ProxySnapshot> byRole) {
    if (byRole.size() == 1) {
      return new Merged(byRole.values().iterator().next(), List.of());
    }
    SnapshotMerge merge = new SnapshotMerge();
    byRole.forEach(merge::add);
    List<ListenerSpec> listeners = List.copyOf(merge.listeners.values());
    return new Merged(new ProxySnapshot(listeners, merge.clusters, merge.secrets), merge.problems);
  }

  private void add(String role, ProxySnapshot snapshot) {
    RoleNames names = new RoleNames(role);
    for (ListenerSpec listener : snapshot.listeners()) {
      ListenerSpec first = listeners.putIfAbsent(listener.address(), names.listener(listener));
      if (first != null && !ADMIN.contains(listener.name())) {
        problems.add(
            "listener %s is not served: listener %s has its address %s (expected: one of the two at"
                    .formatted(names.of(listener.name()), first.name(), listener.address())
                + " another port)");
      }
    }
    for (ClusterSpec cluster : snapshot.clusters().values()) {
      clusters.put(names.of(cluster.name()), names.cluster(cluster));
    }
    snapshot.secrets().forEach((name, secret) -> secrets.put(names.secret(name), secret));
  }
}
