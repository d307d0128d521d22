package io.zoneproxy.core.observe.process;

import java.util.concurrent.atomic.LongAdder;

/** How often one event loop was too busy to answer. Any thread may add. */
public final class LoopStats {
  /** Times it did not answer for 200 ms ({@code watchdog_miss}). */
  public final LongAdder miss = new LongAdder();

  /** Times it did not answer for 1 s ({@code watchdog_mega_miss}). */
  public final LongAdder megaMiss = new LongAdder();
}
