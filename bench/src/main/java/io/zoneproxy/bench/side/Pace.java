package io.zoneproxy.bench.side;

import io.zoneproxy.bench.load.Work;

/**
 * How long things take.
 *
 * @param millis of a measured interval
 * @param warmMillis before each
 * @param firstConnectMillis before the first one with connections on a process; a JVM compiles
 * @param firstMillis before the first one of any other kind
 */
record Pace(long millis, long warmMillis, long firstConnectMillis, long firstMillis) {
  /** For figures: 5 s of connections are what a JVM needs until all is compiled. */
  static final Pace FULL = new Pace(3_000, 1_000, 5_000, 3_000);

  /** For a look. */
  static final Pace QUICK = new Pace(1_000, 300, 3_000, 1_000);

  /** The same with another interval. */
  Pace withMillis(long other) {
    return new Pace(other, warmMillis, firstConnectMillis, firstMillis);
  }

  /** Before an interval. */
  long warm(Work.Kind kind, boolean first) {
    if (!first) {
      return warmMillis;
    }
    return kind == Work.Kind.CONNECT ? firstConnectMillis : firstMillis;
  }
}
