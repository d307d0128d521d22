package io.zoneproxy.core.runtime;

import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.balance.Destination;
import io.zoneproxy.core.upstream.Cluster;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes clusters forget how to choose from subsets that no chain chooses from any more. Only what a
 * chain that is gone has chosen from can be unused, so that more chains cost nothing.
 */
final class UnusedSubsets {
  private UnusedSubsets() {}

  /** After an update; the clusters are those that run now. */
  static void forget(ProxySnapshot before, ProxySnapshot after, Map<String, Cluster> clusters) {
    List<ChainSpec> gone = gone(before, after);
    // Routes have subsets too, and are too many to be looked at one by one.
    boolean any = gone.stream().anyMatch(chain -> chain.terminal() instanceof Terminal.HttpProxy);
    Set<String> named = new HashSet<>();
    gone.forEach(chain -> subsets(chain).forEach(to -> named.add(to.cluster())));
    if (any || !named.isEmpty()) {
      Map<String, Set<Map<String, String>>> used = used(after);
      for (String name : any ? clusters.keySet() : named) {
        retain(clusters.get(name), used.getOrDefault(name, Set.of()));
      }
    }
  }

  private static void retain(@Nullable Cluster cluster, Set<Map<String, String>> used) {
    if (cluster != null && cluster.hasSubsets()) {
      cluster.retain(used);
    }
  }

  private static List<ChainSpec> gone(ProxySnapshot before, ProxySnapshot after) {
    Map<String, ListenerSpec> now = new HashMap<>();
    after.listeners().forEach(listener -> now.put(listener.name(), listener));
    List<ChainSpec> gone = new ArrayList<>();
    for (ListenerSpec listener : before.listeners()) {
      ListenerSpec same = now.get(listener.name());
      gone.addAll(same == null ? listener.chains() : listener.chainsNotIn(same));
    }
    return gone;
  }

  /** By cluster, the subsets that some chain chooses from. */
  private static Map<String, Set<Map<String, String>>> used(ProxySnapshot of) {
    Map<String, Set<Map<String, String>>> used = new HashMap<>();
    for (ListenerSpec listener : of.listeners()) {
      for (ChainSpec chain : listener.chains()) {
        for (Destination.ToCluster to : subsets(chain)) {
          used.computeIfAbsent(to.cluster(), name -> new HashSet<>()).add(to.subset());
        }
      }
    }
    return used;
  }

  /** Where a chain relays to, as far as that is a subset. */
  private static List<Destination.ToCluster> subsets(ChainSpec chain) {
    if (chain.terminal() instanceof Terminal.TcpProxy relay
        && relay.to() instanceof Destination.ToCluster one
        && one.subset().isEmpty()) {
      return List.of(); // nearly always
    }
    return chain.relaysTo().stream().filter(to -> !to.subset().isEmpty()).toList();
  }
}
