package io.zoneproxy.core.admin.stats;

import java.util.function.ToLongFunction;

/**
 * One number that every source of a kind has.
 *
 * @param stat Envoy's name below the subject, for example {@code upstream_cx_total}
 * @param kind whether it may go down
 * @param value reads it
 */
record Metric<T>(String stat, Kind kind, ToLongFunction<T> value) {
  enum Kind {
    /** Only grows. */
    COUNTER("counter"),
    /** Goes up and down. */
    GAUGE("gauge");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** The word after {@code # TYPE} in the Prometheus format. */
    String word() {
      return word;
    }
  }

  static <T> Metric<T> counter(String stat, ToLongFunction<T> value) {
    return new Metric<>(stat, Kind.COUNTER, value);
  }

  static <T> Metric<T> gauge(String stat, ToLongFunction<T> value) {
    return new Metric<>(stat, Kind.GAUGE, value);
  }

  /** The value of a subject: the sum over its sources. */
  long of(Subject<T> subject) {
    long sum = 0;
    for (T source : subject.sources()) {
      sum += value.applyAsLong(source);
    }
    return sum;
  }
}
