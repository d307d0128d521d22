package io.zoneproxy.cp.assemble;

import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.balance.Destination;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Listeners, as they were sent and as they are with the clusters that there are. */
final class Listeners {
  private final Map<String, ListenerSpec> sent = new TreeMap<>();
  private final Map<String, ListenerSpec> bound = new TreeMap<>();
  private final Map<String, ListenerSpec> whole = new HashMap<>(); // bound, with no cluster missing
  private final Set<String> changed = new HashSet<>();
  private long boundTo = -1; // Clusters.names() then
  private long boundBefore; // Clusters.gone() then
  private final Map<String, Long> missing = new HashMap<>(); // nanoTime of the look that found it
  private boolean missingIsOld = true;
  private long missingFrom; // Clusters.there() then

  void put(ListenerSpec listener) {
    ListenerSpec before = sent.get(listener.name());
    if (!listener.equals(before)) { // chains come in another order although nothing has changed
      sent.put(listener.name(), before == null ? listener : SameChains.of(before, listener));
      changed.add(listener.name());
      missingIsOld = true;
    }
  }

  void remove(String name) {
    if (sent.remove(name) != null) {
      changed.add(name);
      missingIsOld = true;
    }
  }

  /** Looks for the clusters of the chains; whether there is another outcome than before. */
  boolean bind(Clusters clusters) {
    boolean others = boundTo != clusters.names();
    boundTo = clusters.names();
    if (boundBefore != clusters.gone()) {
      whole.clear();
      boundBefore = clusters.gone();
    }
    boolean different = false;
    for (String name : others ? union() : List.copyOf(changed)) {
      ListenerSpec listener = sent.get(name);
      if (listener == null) {
        different |= bound.remove(name) != null;
        whole.remove(name);
        continue;
      }
      ListenerSpec now = bind(listener, clusters);
      if (!now.equals(bound.get(name))) {
        bound.put(name, now);
        different = true;
      }
    }
    changed.clear();
    return different;
  }

  private Set<String> union() {
    Set<String> all = new TreeSet<>(sent.keySet());
    all.addAll(bound.keySet());
    return all;
  }

  private ListenerSpec bind(ListenerSpec listener, Clusters clusters) {
    ListenerSpec before = whole.remove(listener.name());
    List<ChainSpec> unsure = before == null ? listener.chains() : listener.chainsNotIn(before);
    boolean complete = unsure.stream().allMatch(chain -> missing(chain, clusters).isEmpty());
    if (complete) {
      whole.put(listener.name(), listener);
    }
    return complete ? listener : refusing(listener, clusters);
  }

  private static ListenerSpec refusing(ListenerSpec listener, Clusters clusters) {
    List<ChainSpec> chains = null;
    for (int i = 0; i < listener.chains().size(); i++) {
      ChainSpec chain = listener.chains().get(i);
      Optional<String> missing = missing(chain, clusters);
      if (missing.isPresent()) {
        chains = chains == null ? new ArrayList<>(listener.chains()) : chains;
        chains.set(i, refusing(chain, missing.get(), clusters));
      }
    }
    return chains == null ? listener : listener.withChains(chains);
  }

  private static Optional<String> missing(ChainSpec chain, Clusters clusters) {
    if (chain.terminal() instanceof Terminal.TcpProxy relay
        && relay.to() instanceof Destination.ToCluster one) { // nearly always: no list for it
      return clusters.inForce().containsKey(one.cluster())
          ? Optional.empty()
          : Optional.of(one.cluster());
    }
    return chain.relaysTo().stream()
        .map(Destination.ToCluster::cluster)
        .filter(name -> !clusters.inForce().containsKey(name))
        .findFirst();
  }

  private static ChainSpec refusing(ChainSpec chain, String missing, Clusters clusters) {
    String why =
        clusters.waits(missing)
            ? "cluster " + missing + ": its endpoints have not been sent"
            : "cluster " + missing + ": has not been sent";
    return chain.withTerminal(new Terminal.Refusal(why));
  }

  /** All clusters that anything in them names. */
  Set<String> named() {
    Set<String> names = new HashSet<>();
    for (ListenerSpec listener : sent.values()) {
      listener.chains().forEach(chain -> References.clusters(chain, names));
    }
    return names;
  }

  /**
   * Those that are named and not there for so long; asked every second, and looked for when it may
   * differ.
   */
  SortedSet<String> missingFor(Clusters clusters, long now, Duration atLeast) {
    if (missingIsOld || missingFrom != clusters.there()) {
      Set<String> found = lookForMissing(clusters);
      missing.keySet().retainAll(found);
      found.forEach(name -> missing.putIfAbsent(name, now));
      missingIsOld = false;
      missingFrom = clusters.there();
    }
    SortedSet<String> names = new TreeSet<>();
    missing.forEach(
        (name, since) -> {
          if (now - since >= atLeast.toNanos()) {
            names.add(name);
          }
        });
    return names;
  }

  /** Those that are in force are only looked for again where something else names them. */
  @SuppressWarnings("ReferenceEquality") // an equal one counts as another
  private Set<String> lookForMissing(Clusters clusters) {
    Set<String> unsure = new HashSet<>();
    for (ListenerSpec listener : sent.values()) {
      boolean bound = listener == whole.get(listener.name());
      for (ChainSpec chain : listener.chains()) {
        if (!bound || !onlyRelays(chain)) {
          References.clusters(chain, unsure);
        }
      }
    }
    unsure.removeIf(name -> clusters.inForce().containsKey(name) || clusters.waits(name));
    return unsure;
  }

  /** Whether it names no clusters but those it relays to. */
  private static boolean onlyRelays(ChainSpec chain) {
    return chain.tls().isEmpty()
        && chain.terminal() instanceof Terminal.TcpProxy relay
        && relay.options().accessLogs().isEmpty();
  }

  /** In the order of their names. */
  List<ListenerSpec> bound() {
    return List.copyOf(bound.values());
  }
}
