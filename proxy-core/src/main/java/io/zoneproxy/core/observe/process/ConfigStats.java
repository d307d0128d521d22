package io.zoneproxy.core.observe.process;

import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.ShardedMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What changed from one configuration to the next, whatever its source. Any thread may read. */
public final class ConfigStats {
  /** Listeners that were not there before. */
  public final Changes listeners = new Changes();

  /** Clusters that were not there before, their endpoints included. */
  public final Changes clusters = new Changes();

  /** Configurations refused because of a listener: its address, or its chains. */
  public final LongAdder listenerFailures = new LongAdder();

  /** Listeners of the configuration in force whose address could not be bound so far. */
  public final AtomicInteger listenersUnbound = new AtomicInteger();

  /** Chains of the configuration in force that refuse every connection. */
  public final AtomicInteger chainsRefusing = new AtomicInteger();

  /** How often things of one kind came, changed and went. */
  public static final class Changes {
    /** New ones. */
    public final LongAdder added = new LongAdder();

    /** Known ones with other content. */
    public final LongAdder modified = new LongAdder();

    /** Those that are gone. */
    public final LongAdder removed = new LongAdder();

    private Changes() {}

    private <T> void count(ShardedMap<T> before, ShardedMap<T> next) {
      before.compare(
          next,
          (name, old, spec) -> {
            if (old == null) {
              added.increment();
            } else if (spec == null) {
              removed.increment();
            } else if (!old.equals(spec)) {
              modified.increment();
            }
          });
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
    clusters.count(before.clusters(), next.clusters());
  }

  private static ShardedMap<ListenerSpec> byName(ProxySnapshot snapshot) {
    Map<String, ListenerSpec> byName = new HashMap<>();
    snapshot.listeners().forEach(listener -> byName.put(listener.name(), listener));
    return ShardedMap.copyOf(byName);
  }
}
