package io.zoneproxy.core.observe.access;

import java.time.Duration;

/** Decides when lost records are spoken of: at once, then at most once a minute. */
final class DropReport {
  /** Often enough to be seen, too seldom to flood the program's log. */
  static final Duration GAP = Duration.ofMinutes(1);

  private long told;
  private long toldAtNanos;
  private boolean toldBefore;

  /**
   * How many records are to be reported now; 0 for none.
   *
   * @param nowNanos of {@link System#nanoTime()}
   * @param dropped how many were lost since the start
   */
  long due(long nowNanos, long dropped) {
    long fresh = dropped - told;
    if (fresh == 0 || (toldBefore && nowNanos - toldAtNanos < GAP.toNanos())) {
      return 0;
    }
    told = dropped;
    toldAtNanos = nowNanos;
    toldBefore = true;
    return fresh;
  }
}
