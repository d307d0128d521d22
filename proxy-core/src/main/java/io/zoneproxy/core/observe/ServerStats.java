package io.zoneproxy.core.observe;

import io.zoneproxy.core.observe.process.ConfigStats;
import io.zoneproxy.core.observe.process.ControlPlaneStats;
import io.zoneproxy.core.observe.process.ExportStats;
import io.zoneproxy.core.observe.process.LoopStats;
import io.zoneproxy.core.observe.process.OutsideStats;
import java.util.List;
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

  /** How things stand with the control plane; zeros without one. */
  public final ControlPlaneStats controlPlane = new ControlPlaneStats();

  /** What changed from one configuration to the next. */
  public final ConfigStats config = new ConfigStats();

  /** The ways to external services. */
  public final OutsideStats outside = new OutsideStats();

  /** What collectors of spans and logs were sent. */
  public final ExportStats export = new ExportStats();

  /** The loop that does everything but carry connections. */
  public final LoopStats controlLoop = new LoopStats();

  private volatile List<LoopStats> workers = List.of();
  private final AtomicLong connectionNumber = new AtomicLong();

  /** Connections to the proxy, all listeners, ever. */
  public final LongAdder connections = new LongAdder();

  /** Those of them that the proxy itself answers: probes, inspection, scrapes. */
  public final LongAdder ownConnections = new LongAdder();

  /** The loops that carry connections, by number; empty before the proxy runs. */
  public List<LoopStats> workers() {
    return workers;
  }

  /** The loops that carry connections are these. */
  public void workers(List<LoopStats> loops) {
    workers = List.copyOf(loops);
  }

  /** The number of the next connection; the first has 1. */
  public long nextConnection() {
    return connectionNumber.incrementAndGet();
  }
}
