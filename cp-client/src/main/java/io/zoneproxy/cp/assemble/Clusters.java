package io.zoneproxy.cp.assemble;

import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.ShardedMap;
import io.zoneproxy.cp.translate.cluster.Assignment;
import io.zoneproxy.cp.translate.cluster.TranslatedCluster;
import io.zoneproxy.cp.translate.value.Interned;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Clusters and their load assignments, and what of them is in force. */
final class Clusters {
  private final Interned interned;
  private final long warmingNanos;

  private final Map<String, TranslatedCluster> sent = new HashMap<>();
  private final Map<String, Assignment> assignments = new HashMap<>(); // by their own name

  /** Clusters by the name of their assignment, where that is not their own. Kuma has none. */
  private final Map<String, Set<String>> users = new HashMap<>();

  private final Map<String, ClusterSpec> inForce = new HashMap<>();
  private final Set<String> unpublished = new HashSet<>(); // names whose cluster is another now
  private ShardedMap<ClusterSpec> published = ShardedMap.copyOf(Map.of());
  private final Map<String, Long> warming = new LinkedHashMap<>(); // since when, the oldest first
  private final Set<String> removed = new HashSet<>(); // and still in force
  private boolean changed;
  private boolean policiesChanged;
  private long names; // counts the changes of what clusters are in force
  private long gone; // counts those that are no longer in force
  private long there; // counts the changes of what clusters are in force or waited for

  Clusters(Interned interned, long warmingNanos) {
    this.interned = interned;
    this.warmingNanos = warmingNanos;
  }

  void put(String name, TranslatedCluster cluster, long now) {
    TranslatedCluster before = sent.put(name, cluster);
    forget(name, before);
    removed.remove(name);
    there += before == null ? 1 : 0;
    cluster
        .eds()
        .filter(eds -> !eds.equals(name))
        .ifPresent(eds -> users.computeIfAbsent(eds, any -> new HashSet<>()).add(name));
    settle(name, cluster, now);
  }

  private void forget(String name, @Nullable TranslatedCluster before) {
    if (before != null && before.eds().isPresent()) {
      String eds = before.eds().get();
      Set<String> of = users.getOrDefault(eds, Set.of());
      if (of.contains(name)) {
        of.remove(name);
        if (of.isEmpty()) {
          users.remove(eds);
        }
      }
    }
  }

  private void settle(String name, TranslatedCluster cluster, long now) {
    if (cluster.eds().isEmpty()) {
      warming.remove(name);
      force(name, cluster.spec());
      return;
    }
    Assignment assignment = assignments.get(cluster.eds().get());
    if (assignment == null) {
      warming.putIfAbsent(name, now); // the old version, if any, stays meanwhile
    } else {
      warming.remove(name);
      force(name, assignment.in(cluster.spec(), interned));
    }
  }

  private void force(String name, ClusterSpec spec) {
    ClusterSpec before = inForce.get(name);
    if (spec.equals(before)) {
      return; // the object stays, so that a comparison sees at once that it is the same
    }
    inForce.put(name, spec);
    unpublished.add(name);
    changed = true;
    policiesChanged |= before == null || !before.policy().equals(spec.policy());
    if (before == null) {
      names++;
    }
  }

  void assign(String name, Assignment assignment) {
    assignments.put(name, assignment);
    for (String user : usersOf(name)) {
      TranslatedCluster cluster = sent.get(user);
      if (cluster != null) {
        settle(user, cluster, 0); // it does not begin to wait: the assignment is there
      }
    }
  }

  private List<String> usersOf(String eds) {
    List<String> all = new ArrayList<>(users.getOrDefault(eds, Set.of()));
    TranslatedCluster same = sent.get(eds);
    if (same != null && same.eds().isPresent() && same.eds().get().equals(eds)) {
      all.add(eds);
    }
    return all;
  }

  /** The endpoints of a cluster that is still there stay: what Envoy does, too. */
  void unassign(String name) {
    if (usersOf(name).isEmpty()) {
      assignments.remove(name);
    }
  }

  /**
   * It stays in force until no listener names it.
   *
   * @param assigned whether the control plane still sends this load assignment
   */
  void remove(String name, Predicate<String> assigned) {
    TranslatedCluster before = sent.remove(name);
    there++;
    forget(name, before);
    warming.remove(name);
    if (inForce.containsKey(name)) {
      removed.add(name);
    }
    if (before != null) {
      before
          .eds()
          .filter(eds -> !assigned.test(eds) && usersOf(eds).isEmpty())
          .ifPresent(assignments::remove);
    }
  }

  /** Takes those out that were removed and that no listener names any more. */
  void sweep(Listeners listeners) {
    if (removed.isEmpty()) {
      return;
    }
    Set<String> named = listeners.named();
    for (String name : List.copyOf(removed)) {
      if (!named.contains(name)) {
        removed.remove(name);
        inForce.remove(name);
        unpublished.add(name);
        changed = true;
        names++;
        gone++;
        there++;
      }
    }
  }

  /** Those that have waited long enough have no endpoints from now on. */
  void expire(long now) {
    while (!warming.isEmpty()) {
      Map.Entry<String, Long> oldest = warming.entrySet().iterator().next();
      if (now - oldest.getValue() < warmingNanos) {
        return;
      }
      warming.remove(oldest.getKey());
      TranslatedCluster cluster = sent.get(oldest.getKey());
      if (cluster != null) {
        force(oldest.getKey(), Assignment.NONE.in(cluster.spec(), interned));
      }
    }
  }

  boolean warming() {
    return !warming.isEmpty();
  }

  OptionalLong deadline() {
    return warming.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(warming.values().iterator().next() + warmingNanos);
  }

  /** Those that are waited for at least so long. */
  SortedMap<String, Duration> warmingFor(long now, Duration least) {
    SortedMap<String, Duration> all = new TreeMap<>();
    for (Map.Entry<String, Long> each : warming.entrySet()) {
      long nanos = now - each.getValue();
      if (nanos < least.toNanos()) {
        break; // and so is the wait for all that follow
      }
      all.put(each.getKey(), Duration.ofNanos(nanos));
    }
    return all;
  }

  /** Whether what is in force has changed since this was asked the last time. */
  boolean takeChanged() {
    boolean was = changed;
    changed = false;
    return was;
  }

  /** Whether a policy in force has changed since this was asked the last time. */
  boolean takePoliciesChanged() {
    boolean was = policiesChanged;
    policiesChanged = false;
    return was;
  }

  /** Another number says that other clusters are in force. */
  long names() {
    return names;
  }

  /** The same number says that what was in force still is. */
  long gone() {
    return gone;
  }

  /** Another number says that other clusters are in force or waited for. */
  long there() {
    return there;
  }

  /** Whether it was sent, although its endpoints are not there. */
  boolean waits(String name) {
    return warming.containsKey(name);
  }

  /** By name. */
  Map<String, ClusterSpec> inForce() {
    return Collections.unmodifiableMap(inForce);
  }

  /** By name, for good: shares what has not changed with the one that was given before. */
  ShardedMap<ClusterSpec> publish() {
    Map<String, ClusterSpec> put = new HashMap<>();
    Set<String> gone = new HashSet<>();
    for (String name : unpublished) {
      ClusterSpec spec = inForce.get(name);
      if (spec == null) {
        gone.add(name);
      } else {
        put.put(name, spec);
      }
    }
    unpublished.clear();
    published = published.isEmpty() ? ShardedMap.copyOf(put) : published.with(put, gone);
    return published;
  }
}
