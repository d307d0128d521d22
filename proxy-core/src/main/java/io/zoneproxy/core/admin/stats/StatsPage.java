package io.zoneproxy.core.admin.stats;

import io.zoneproxy.core.observe.Histogram;
import io.zoneproxy.core.observe.JsonWriter;
import io.zoneproxy.core.observe.ProxyView;
import java.util.List;

/** The {@code /stats} page: Envoy's dotted names, as text or JSON, subject by subject. */
public final class StatsPage {
  /** The quantiles that Envoy prints, in percent. */
  private static final double[] PERCENTILES = {0, 25, 50, 75, 90, 95, 99, 99.5, 99.9, 100};

  private static final double[] BOUNDS = new Histogram().bounds();

  private final List<StatGroup<?>> groups;
  private final boolean usedOnly;

  private StatsPage(List<StatGroup<?>> groups, boolean usedOnly) {
    this.groups = groups;
    this.usedOnly = usedOnly;
  }

  /**
   * One look at a proxy.
   *
   * @param usedOnly leaves out counters at zero and distributions without a value
   */
  public static StatsPage of(ProxyView view, ServerInfo info, boolean usedOnly) {
    return new StatsPage(StatSources.of(view, info).groups(), usedOnly);
  }

  /** Lines of {@code name: value}; distributions last, as quantiles. */
  public CharSequence text() {
    StringBuilder out = new StringBuilder();
    eachNumber(
        (path, stat, value) ->
            out.append(path).append('.').append(stat).append(": ").append(value).append('\n'));
    for (StatGroup<?> group : groups) {
      writeTimings(group, out);
    }
    return out;
  }

  /** {@code {"stats":[{"name":…,"value":…},…]}}; distributions are not in it. */
  public CharSequence json() {
    StringBuilder out = new StringBuilder();
    JsonWriter json = new JsonWriter(out).beginObject().name("stats").beginArray();
    eachNumber(
        (path, stat, value) ->
            json.beginObject()
                .name("name")
                .value(path + '.' + stat)
                .name("value")
                .value(value)
                .endObject());
    json.endArray().endObject();
    return out;
  }

  private interface NumberSink {
    void take(String path, String stat, long value);
  }

  private void eachNumber(NumberSink sink) {
    for (StatGroup<?> group : groups) {
      numbersOf(group, sink);
    }
  }

  private <T> void numbersOf(StatGroup<T> group, NumberSink sink) {
    for (Subject<T> subject : group.subjects()) {
      for (Metric<T> metric : group.metrics()) {
        long value = metric.of(subject);
        if (!usedOnly || value != 0 || metric.kind() == Metric.Kind.GAUGE) {
          sink.take(subject.path(), metric.stat(), value);
        }
      }
    }
  }

  private <T> void writeTimings(StatGroup<T> group, StringBuilder out) {
    for (Timing<T> timing : group.timings()) {
      for (Subject<T> subject : group.subjects()) {
        long[] cumulative = timing.of(subject).cumulative();
        if (!usedOnly || cumulative[cumulative.length - 1] > 0) {
          out.append(subject.path()).append('.').append(timing.stat()).append(": ");
          appendQuantiles(out, cumulative);
          out.append('\n');
        }
      }
    }
  }

  /** Envoy's {@code P50(interval,cumulative)}; there are no intervals here, it prints nan then. */
  private static void appendQuantiles(StringBuilder out, long[] cumulative) {
    if (cumulative[cumulative.length - 1] == 0) {
      out.append("No recorded values");
      return;
    }
    String gap = "";
    for (double percentile : PERCENTILES) {
      String value = Decimals.text(quantile(cumulative, percentile));
      out.append(gap).append('P').append(Decimals.text(percentile));
      out.append("(nan,").append(value).append(')');
      gap = " ";
    }
  }

  /** A guess: values are taken as spread evenly in their bucket, the last one has no end. */
  static double quantile(long[] cumulative, double percentile) {
    double rank = cumulative[cumulative.length - 1] * percentile / 100;
    int bucket = 0;
    while (cumulative[bucket] == 0 || cumulative[bucket] < rank) {
      bucket++;
    }
    double low = bucket == 0 ? 0 : BOUNDS[bucket - 1];
    if (bucket == BOUNDS.length) {
      return low;
    }
    long below = bucket == 0 ? 0 : cumulative[bucket - 1];
    long inside = cumulative[bucket] - below;
    return low + (BOUNDS[bucket] - low) * Math.max(0, rank - below) / inside;
  }
}
