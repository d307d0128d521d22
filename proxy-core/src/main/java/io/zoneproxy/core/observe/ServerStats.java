package io.zoneproxy.core.observe;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Counters of the process. Any thread may add. */
public final class ServerStats {
  /** Connections reset because the process had no descriptor left. */
  public final LongAdder descriptorsExhausted = new LongAdder();

  /** Access-log records dropped because the writer could not keep up. */
  public final LongAdder accessLogDropped = new LongAdder();

  /** Configurations taken over. */
  public final LongAdder configApplied = new LongAdder();

  /** Configurations, or files of one, refused. */
  public final LongAdder configRejected = new LongAdder();

  /** When the configuration in force was taken over, in milliseconds since 1970; 0 before. */
  public final AtomicLong configAppliedAtMillis = new AtomicLong();

  private final AtomicLong connectionNumber = new AtomicLong();

  /** Connections to the proxy, all listeners, ever. */
  public final LongAdder connections = new LongAdder();

  /** The number of the next connection; the first has 1. */
  public long nextConnection() {
    return connectionNumber.incrementAndGet();
  }
}
