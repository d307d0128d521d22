package io.zoneproxy.core.upstream;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * Chooses endpoints of a cluster among those that carry a subset's tags. Any thread, without locks:
 * what it needs is computed at the first choice after an update.
 */
public final class Picker {
  /** Enough to pass by what was tried; when most names are unresolved, the search is not longer. */
  private static final int MOST_TURNS = 16;

  private static final Levels NONE = new Levels(List.of(), List.of());

  // Fields, not objects of their own: there is a picker for each of 100,000 clusters.
  private static final AtomicLongFieldUpdater<Picker> FIRST =
      AtomicLongFieldUpdater.newUpdater(Picker.class, "position");
  private static final AtomicLongFieldUpdater<Picker> SECOND =
      AtomicLongFieldUpdater.newUpdater(Picker.class, "secondPosition");

  private final Cluster cluster;
  private final Map<String, String> subset;

  @SuppressWarnings("UnusedVariable") // its updater reads it
  private volatile long position;

  /**
   * Second choices have turns of their own. With one position for both, two equal endpoints of
   * which one is dead would give every connection the dead one first.
   */
  @SuppressWarnings("UnusedVariable") // its updater reads it
  private volatile long secondPosition;

  private volatile Levels levels = NONE;

  Picker(Cluster cluster, Map<String, String> subset) {
    this.cluster = cluster;
    this.subset = subset;
  }

  /** The cluster it chooses from. */
  public Cluster cluster() {
    return cluster;
  }

  /**
   * The next endpoint by priority and weight that was not tried yet and has an address.
   *
   * @param tried endpoints to leave out
   * @return null when there is none (left)
   */
  public @Nullable Endpoint pick(Collection<Endpoint> tried) {
    for (WeightedSchedule level : levels().schedules) {
      Endpoint endpoint = pick(level, tried);
      if (endpoint != null) {
        return endpoint;
      }
    }
    return null;
  }

  /** Whether {@link #pick} would find one; takes no turn. */
  public boolean hasOther(Collection<Endpoint> tried) {
    for (WeightedSchedule level : levels().schedules) {
      if (firstFrom(0, level, tried) != null) {
        return true;
      }
    }
    return false;
  }

  private @Nullable Endpoint pick(WeightedSchedule level, Collection<Endpoint> tried) {
    AtomicLongFieldUpdater<Picker> turns = tried.isEmpty() ? FIRST : SECOND;
    int index = 0;
    // One that is left out passes its turn on: were it its neighbour's, that one would have both.
    for (int turn = 0; turn < Math.min(level.size(), MOST_TURNS); turn++) {
      index = level.next(() -> turns.getAndIncrement(this));
      Endpoint endpoint = level.endpoint(index);
      if (usable(endpoint, tried)) {
        return endpoint;
      }
    }
    // The others weigh little beside those left out: no need to wait for their turns.
    return firstFrom(index, level, tried);
  }

  private static @Nullable Endpoint firstFrom(
      int first, WeightedSchedule level, Collection<Endpoint> tried) {
    for (int i = 0; i < level.size(); i++) {
      Endpoint endpoint = level.endpoint((first + i) % level.size());
      if (usable(endpoint, tried)) {
        return endpoint;
      }
    }
    return null;
  }

  private static boolean usable(Endpoint endpoint, Collection<Endpoint> tried) {
    return endpoint.resolved() && !tried.contains(endpoint);
  }

  private Levels levels() {
    Levels current = levels;
    List<Cluster.Member> members = cluster.members();
    if (current.members != members) {
      // Two threads may do this at once: they compute the same.
      current = new Levels(members, schedules(members));
      levels = current;
    }
    return current;
  }

  private List<WeightedSchedule> schedules(List<Cluster.Member> members) {
    // By priority, then by address: one that is reached by several members is one endpoint.
    Map<Integer, Map<Endpoint, Integer>> weights = new TreeMap<>();
    for (Cluster.Member member : members) {
      if (member.spec().tags().entrySet().containsAll(subset.entrySet())) {
        weights
            .computeIfAbsent(member.priority(), p -> new LinkedHashMap<>())
            .merge(member.endpoint(), member.spec().weight(), Cluster::addWeights);
      }
    }
    List<WeightedSchedule> schedules = new ArrayList<>();
    for (Map<Endpoint, Integer> level : weights.values()) {
      schedules.add(new WeightedSchedule(List.copyOf(level.keySet()), List.copyOf(level.values())));
    }
    return List.copyOf(schedules);
  }

  /** The schedules, lowest priority first, and the members they were computed from. */
  private record Levels(List<Cluster.Member> members, List<WeightedSchedule> schedules) {}
}
