package io.zoneproxy.bench.load;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** What a driver got done in the measured interval. On the loop's thread only. */
public final class Tally {
  /** Whatever takes longer counts as a minute; nothing here does unless it is broken. */
  private static final long MOST_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** Three digits: far finer than the machine's noise, and 200 kB. */
  private static final int DIGITS = 3;

  private final Histogram latency = new Histogram(MOST_NANOS, DIGITS);
  private long units;

  /** Counts units without a latency, such as bytes. */
  public void add(long more) {
    units += more;
  }

  /** Counts one unit that took so long. */
  public void addTimed(long nanos) {
    units++;
    latency.recordValue(Math.min(Math.max(nanos, 0), MOST_NANOS));
  }

  /** Forgets what came before the interval. */
  public void begin() {
    units = 0;
    latency.reset();
  }

  public long units() {
    return units;
  }

  /** In nanoseconds; 0 when nothing was timed. */
  public long latency(double percentile) {
    return latency.getTotalCount() == 0 ? 0 : latency.getValueAtPercentile(percentile);
  }
}
