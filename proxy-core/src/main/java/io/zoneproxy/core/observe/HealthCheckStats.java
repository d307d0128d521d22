package io.zoneproxy.core.observe;

import java.util.concurrent.atomic.LongAdder;

/** Counters of one cluster's health checks ({@code health_check.…}). Any thread. */
public final class HealthCheckStats {
  /** Probes begun ({@code attempt}). */
  public final LongAdder attempt = new LongAdder();

  /** Probes passed ({@code success}). */
  public final LongAdder success = new LongAdder();

  /** Probes failed, for whatever reason ({@code failure}). */
  public final LongAdder failure = new LongAdder();

  /** Probes that found no connection, or no answer in time ({@code network_failure}). */
  public final LongAdder networkFailure = new LongAdder();
}
