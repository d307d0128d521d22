package io.zoneproxy.core.upstream;

import io.zoneproxy.core.upstream.balance.Balancer;
import io.zoneproxy.core.upstream.balance.Chance;
import java.util.Collection;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What a priority offers: a group for each locality that has turns of its own, else one. */
final class Level {
  static final Level NONE = new Level(List.of(), new double[0], true);

  private final Group[] groups;
  private final double[] bounds; // where the part of each group ends
  private final boolean panic;

  Level(List<Group> groups, double[] bounds, boolean panic) {
    this.groups = groups.toArray(new Group[0]);
    this.bounds = bounds;
    this.panic = panic;
  }

  /** Whether health is not looked at, because too few are healthy. */
  boolean panic() {
    return panic;
  }

  /** The next one that is usable; null when none is. */
  @Nullable Endpoint next(
      Balancer.Positions positions, long hash, Collection<Endpoint> tried, LongSupplier random) {
    int first = groups.length < 2 ? 0 : Chance.weighted(bounds, random);
    for (int i = 0; i < groups.length; i++) {
      Endpoint found = groups[(first + i) % groups.length].next(positions, hash, tried);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /** Whether one is usable; takes no turn. */
  boolean has(Collection<Endpoint> tried) {
    for (Group group : groups) {
      if (group.firstFrom(0, tried) != null) {
        return true;
      }
    }
    return false;
  }
}
