package io.zoneproxy.core.admin.metric;

import io.zoneproxy.core.observe.Histogram;
import java.util.Arrays;
import java.util.function.Function;

/**
 * One distribution that every source of a kind has.
 *
 * @param stat Envoy's name below the subject, for example {@code upstream_cx_connect_ms}
 * @param values finds it
 */
public record Timing<T>(String stat, Function<T, Histogram> values) {
  /**
   * How a subject's values are distributed.
   *
   * @param cumulative as {@link Histogram#cumulative()}, over all sources
   * @param sum of all values
   */
  @SuppressWarnings("ArrayRecordComponent") // passed on at once, never compared or kept
  public record Distribution(long[] cumulative, long sum) {
    /** How many values there are: what the bucket without a bound holds. */
    public long count() {
      return cumulative[cumulative.length - 1];
    }
  }

  /** The values of a subject: those of all its sources. */
  public Distribution of(Subject<T> subject) {
    long[] total = new long[0];
    long sum = 0;
    for (T source : subject.sources()) {
      Histogram histogram = values.apply(source);
      long[] counts = histogram.cumulative();
      total = total.length == 0 ? counts : plus(total, counts);
      sum += histogram.sum();
    }
    return new Distribution(total, sum);
  }

  private static long[] plus(long[] a, long[] b) {
    long[] sum = Arrays.copyOf(a, a.length);
    Arrays.setAll(sum, i -> a[i] + b[i]);
    return sum;
  }
}
