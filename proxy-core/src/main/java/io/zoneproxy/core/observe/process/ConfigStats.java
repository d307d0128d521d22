package io.zoneproxy.core.observe.process;

import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.ProxySnapshot;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What changed from one configuration to the next, whatever its source. Any thread may read. */
public final class ConfigStats {
  /** Listeners that were not there before. */
  public final Changes listeners = new Changes();

  /** Clusters that were not there before, their endpoints included. */
  public final Changes clusters = new Changes();

  /** Configurations refused because of a listener: its address, or its chains. */
  public final LongAdder listenerFailures = new LongAdder();

  /** How often things of one kind came, changed and went. */
  public static final class Changes {
    /** New ones. */
    public final LongAdder added = new LongAdder();

    /** Known ones with other content. */
    public final LongAdder modified = new LongAdder();

    /** Those that are gone. */
    public final LongAdder removed = new LongAdder();

    private Changes() {}

    private <T> void count(Map<String, T> before, Map<String, T> next) {
      next.forEach(
          (name, spec) -> {
            T old = before.get(name);
            if (old == null) {
              added.increment();
            } else if (old != spec && !old.equals(spec)) { // most are the very same object
              modified.increment();
            }
          });
      before.keySet().stream().filter(name -> !next.containsKey(name)).forEach(gone -> drop());
    }

    private void drop() {
      removed.increment();
    }
  }

  /**
   * A configuration has taken the place of another.
   *
   * @param before the one that was in force
   * @param next the one that is now
   */
  public void onApplied(ProxySnapshot before, ProxySnapshot next) {
    listeners.count(byName(before), byName(next));
    Map<String, ClusterSpec> old = before.clusters();
    clusters.count(old, next.clusters());
  }

  private static Map<String, ListenerSpec> byName(ProxySnapshot snapshot) {
    Map<String, ListenerSpec> byName = new HashMap<>();
    snapshot.listeners().forEach(listener -> byName.put(listener.name(), listener));
    return byName;
  }
}
