package io.zoneproxy.core.observe;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** Counts values into Envoy's default buckets (milliseconds). Any thread may record. */
public final class Histogram {
  /**
   * Upper bounds of Envoy's default buckets, from its documentation of {@code
   * HistogramBucketSettings}: what its Prometheus endpoint prints as {@code le}.
   */
  private static final double[] BOUNDS = {
    0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000, 60000, 300000, 600000,
    1800000, 3600000
  };

  private final AtomicLongArray buckets = new AtomicLongArray(BOUNDS.length + 1);
  private final LongAdder sum = new LongAdder();

  /** Adds one value; a negative one counts as zero. */
  public void record(long value) {
    int bucket = 0;
    while (bucket < BOUNDS.length && value > BOUNDS[bucket]) {
      bucket++;
    }
    buckets.incrementAndGet(bucket);
    sum.add(Math.max(0, value));
  }

  /** The upper bounds, ascending; the last bucket, without a bound, is not among them. */
  public double[] bounds() {
    return BOUNDS.clone();
  }

  /** How many values were at most {@code bounds()[bucket]}. */
  public long cumulative(int bucket) {
    long count = 0;
    for (int i = 0; i <= bucket; i++) {
      count += buckets.get(i);
    }
    return count;
  }

  /**
   * How many values were at most each of {@link #bounds()}, and last how many in all: one more
   * element than there are bounds. It ascends also while other threads record.
   */
  public long[] cumulative() {
    long[] counts = new long[buckets.length()];
    long count = 0;
    for (int i = 0; i < counts.length; i++) {
      count += buckets.get(i);
      counts[i] = count;
    }
    return counts;
  }

  /** How many values were recorded. */
  public long count() {
    return cumulative(BOUNDS.length);
  }

  /** The sum of all values. */
  public long sum() {
    return sum.sum();
  }
}
