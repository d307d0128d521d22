package io.zoneproxy.core.upstream;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Chooses endpoints of a cluster among those that carry a subset's tags. Any thread, without locks:
 * what it needs is computed at the first choice after an update.
 */
public final class Picker {
  private final Cluster cluster;
  private final Map<String, String> subset;
  private final AtomicLong position = new AtomicLong();

  /**
   * Second tries have turns of their own: with one row for both, of two endpoints the dead one
   * would have the turn of every new connection, and the living one that of every second try.
   */
  private final AtomicLong retryPosition = new AtomicLong();

  private volatile Levels levels = new Levels(List.of(), List.of());

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
    AtomicLong turns = tried.isEmpty() ? position : retryPosition;
    for (WeightedSchedule level : levels().schedules) {
      int first = level.next(turns::getAndIncrement);
      for (int i = 0; i < level.size(); i++) {
        Endpoint endpoint = level.endpoint((first + i) % level.size());
        if (endpoint.resolved() && !tried.contains(endpoint)) {
          return endpoint;
        }
      }
    }
    return null;
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
            .merge(member.endpoint(), member.spec().weight(), Math::addExact);
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
