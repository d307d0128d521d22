package io.zoneproxy.core.admin.stats;

import io.zoneproxy.core.admin.metric.Metric;
import io.zoneproxy.core.admin.metric.ServerInfo;
import io.zoneproxy.core.admin.metric.StatGroup;
import io.zoneproxy.core.admin.metric.StatSources;
import io.zoneproxy.core.admin.metric.Subject;
import io.zoneproxy.core.admin.metric.Timing;
import io.zoneproxy.core.observe.Histogram;
import io.zoneproxy.core.observe.ProxyView;

/**
 * The Prometheus text format 0.0.4, under Envoy's names: counters do not get {@code _total}, a
 * series without labels is written with empty braces.
 */
public final class PrometheusText {
  /** One metric of one cluster; a guess, so that the buffer seldom grows. */
  private static final int CHARS_PER_CLUSTER = 160;

  private static final String[] BOUNDS = bounds();

  private final StringBuilder out;
  private final StatQuery query;

  private PrometheusText(StringBuilder out, StatQuery query) {
    this.out = out;
    this.query = query;
  }

  /**
   * The page of a proxy, with all names.
   *
   * @param usedOnly leaves out counters at zero and distributions without a value
   */
  public static CharSequence of(ProxyView view, ServerInfo info, boolean usedOnly) {
    return of(view, info, StatQuery.all(usedOnly));
  }

  /**
   * The page of a proxy. Its length is in proportion to the clusters.
   *
   * @param query which statistics; a filter looks at the names of the text form
   * @throws IllegalArgumentException when the filter takes too long
   */
  public static CharSequence of(ProxyView view, ServerInfo info, StatQuery query) {
    StatSources sources = StatSources.of(view, info);
    StringBuilder out = new StringBuilder(sources.clusters().size() * CHARS_PER_CLUSTER);
    PrometheusText text = new PrometheusText(out, query);
    for (StatGroup<?> group : sources.groups(query.usedOnly())) {
      text.write(group);
    }
    return out;
  }

  private <T> void write(StatGroup<T> group) {
    for (Metric<T> metric : group.metrics()) {
      writeMetric(group, metric);
    }
    for (Timing<T> timing : group.timings()) {
      writeTiming(group, timing);
    }
  }

  private <T> void writeMetric(StatGroup<T> group, Metric<T> metric) {
    String name = group.prometheusName(metric.stat());
    boolean typed = false;
    for (Subject<T> subject : group.subjects()) {
      for (Metric.Part<T> part : metric.parts()) {
        long value = part.of(subject);
        if (isAsked(subject, metric, part, value)) {
          if (!typed) {
            type(name, metric.kind().word());
            typed = true;
          }
          series(name, Subject.joined(subject.labels(), part.labels()), value);
        }
      }
    }
  }

  private <T> boolean isAsked(
      Subject<T> subject, Metric<T> metric, Metric.Part<T> part, long value) {
    return !(query.usedOnly() && metric.unused(value)) && query.takes(subject.path(), part.stat());
  }

  private <T> void writeTiming(StatGroup<T> group, Timing<T> timing) {
    String name = group.prometheusName(timing.stat());
    boolean typed = false;
    for (Subject<T> subject : group.subjects()) {
      Timing.Distribution distribution = timing.of(subject);
      boolean unused = query.usedOnly() && distribution.count() == 0;
      if (unused || !query.takes(subject.path(), timing.stat())) {
        continue;
      }
      if (!typed) {
        type(name, "histogram");
        typed = true;
      }
      writeBuckets(name, subject.labels(), distribution);
    }
  }

  private void writeBuckets(String name, String labels, Timing.Distribution distribution) {
    long[] cumulative = distribution.cumulative();
    for (int i = 0; i < cumulative.length; i++) {
      out.append(name).append("_bucket{").append(labels);
      out.append(labels.isEmpty() ? "le=\"" : ",le=\"").append(BOUNDS[i]).append("\"} ");
      out.append(cumulative[i]).append('\n');
    }
    series(name + "_sum", labels, distribution.sum());
    series(name + "_count", labels, distribution.count());
  }

  private void type(String name, String kind) {
    out.append("# TYPE ").append(name).append(' ').append(kind).append('\n');
  }

  private void series(String name, String labels, long value) {
    out.append(name).append('{').append(labels).append("} ").append(value).append('\n');
  }

  private static String[] bounds() {
    double[] values = new Histogram().bounds();
    String[] texts = new String[values.length + 1];
    for (int i = 0; i < values.length; i++) {
      texts[i] = Decimals.text(values[i]);
    }
    texts[values.length] = "+Inf";
    return texts;
  }
}
