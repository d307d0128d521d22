package io.zoneproxy.core.observe;

/** Makes statistics for tests outside this package. */
public final class StatsFixtures {
  private StatsFixtures() {}

  /** Counters of a listener, all zero. */
  public static ListenerStats listener(String name) {
    return new ListenerStats(name);
  }
}
