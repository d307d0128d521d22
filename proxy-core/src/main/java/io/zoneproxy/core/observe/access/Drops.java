package io.zoneproxy.core.observe.access;

import java.util.concurrent.atomic.LongAdder;

/** Counts the records that one destination lost, and those of all. Any thread. */
final class Drops {
  private final LongAdder own = new LongAdder();
  private final LongAdder all;

  Drops(LongAdder all) {
    this.all = all;
  }

  void add(long records) {
    own.add(records);
    all.add(records);
  }

  /** Those of this destination. */
  long sum() {
    return own.sum();
  }
}
