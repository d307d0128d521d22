package io.zoneproxy.cp.assemble;

import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.tls.SecretName;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Since when secrets are named. */
final class Waiting {
  private final Map<SecretName, Long> named = new HashMap<>(); // nanoTime of the first time

  /** How many chains end TLS with these; most of them with the same ones. */
  private final Map<Set<SecretName>, Integer> chains = new HashMap<>();

  /** Looks at what names secrets. */
  void look(Collection<ListenerSpec> listeners, Collection<ClusterSpec> clusters, long now) {
    Set<SecretName> names = new HashSet<>();
    chains.clear();
    for (ListenerSpec listener : listeners) {
      for (ChainSpec chain : listener.chains()) {
        if (chain.tls().isPresent()) {
          Set<SecretName> own = new HashSet<>();
          References.secrets(chain.tls().get(), own);
          chains.merge(own, 1, Integer::sum);
          names.addAll(own);
        }
      }
    }
    for (ClusterSpec cluster : clusters) {
      if (!cluster.policy().tls().isEmpty()) {
        References.secrets(cluster, names);
      }
    }
    named.keySet().retainAll(names);
    names.forEach(name -> named.putIfAbsent(name, now));
  }

  /** Those of the control plane that have not come, and how long they are named. */
  SortedMap<String, Duration> since(Set<SecretName> come, long now) {
    SortedMap<String, Duration> waits = new TreeMap<>();
    named.forEach(
        (name, since) -> {
          if (name.source().equals(SecretName.CONTROL_PLANE) && !come.contains(name)) {
            waits.put(name.name(), Duration.ofNanos(now - since));
          }
        });
    return waits;
  }

  /** How many chains end TLS with a secret that has not come. Asked every second. */
  int chains(Set<SecretName> come) {
    int waiting = 0;
    for (Map.Entry<Set<SecretName>, Integer> each : chains.entrySet()) {
      waiting += come.containsAll(each.getKey()) ? 0 : each.getValue();
    }
    return waiting;
  }

  /** Those that come from elsewhere. */
  Set<SecretName> others() {
    Set<SecretName> others = new HashSet<>();
    for (SecretName name : named.keySet()) {
      if (!name.source().equals(SecretName.CONTROL_PLANE)) {
        others.add(name);
      }
    }
    return others;
  }
}
