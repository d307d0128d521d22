package io.zoneproxy.core.admin.metric;

import java.util.List;
import java.util.function.ToLongFunction;

/**
 * One number that every source of a kind has, or a few that Prometheus tells apart by a label.
 *
 * @param stat Envoy's name below the subject, for example {@code upstream_cx_total}
 * @param kind whether it may go down
 * @param parts one, or one for each value of the label
 */
public record Metric<T>(String stat, Kind kind, List<Part<T>> parts) {
  /** What Prometheus wants to know of a number. */
  public enum Kind {
    /** Only grows. */
    COUNTER("counter"),
    /** Goes up and down. */
    GAUGE("gauge");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** The word after {@code # TYPE} in the Prometheus format. */
    public String word() {
      return word;
    }
  }

  /**
   * One series of it.
   *
   * @param stat the name in the text form, for example {@code upstream_rq_2xx}
   * @param labels what Prometheus has instead, beside the subject's labels; "" for none
   * @param value reads it
   */
  public record Part<T>(String stat, String labels, ToLongFunction<T> value) {
    /** The value of a subject: the sum over its sources. */
    public long of(Subject<T> subject) {
      long sum = 0;
      for (T source : subject.sources()) {
        sum += value.applyAsLong(source);
      }
      return sum;
    }
  }

  static <T> Metric<T> counter(String stat, ToLongFunction<T> value) {
    return new Metric<>(stat, Kind.COUNTER, List.of(new Part<>(stat, "", value)));
  }

  static <T> Metric<T> gauge(String stat, ToLongFunction<T> value) {
    return new Metric<>(stat, Kind.GAUGE, List.of(new Part<>(stat, "", value)));
  }

  /** Whether {@code usedonly} leaves out this value of it. */
  public boolean unused(long value) {
    return value == 0 && kind == Kind.COUNTER;
  }
}
