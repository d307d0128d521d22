package io.zoneproxy.core.observe.process;

import java.util.concurrent.atomic.LongAdder;

/** What was sent to the collectors of one kind. Any thread may add. */
public final class CollectorStats {
  /** Spans, or records of logs, that a collector has taken. */
  public final LongAdder sent = new LongAdder();

  /** Those that were lost: the queue was full, or no collector took them. */
  public final LongAdder dropped = new LongAdder();

  /** Messages that were sent because it was time, and not because there was enough to send. */
  public final LongAdder timerFlushed = new LongAdder();

  /** Messages that a collector has taken. */
  public final LongAdder reportsSent = new LongAdder();

  /** Messages that a collector has refused. */
  public final LongAdder reportsRefused = new LongAdder();

  /** Messages that reached none, or were not answered. */
  public final LongAdder reportsFailed = new LongAdder();

  /** Messages that were not sent because the cluster has no endpoint, or is gone. */
  public final LongAdder noCluster = new LongAdder();
}
