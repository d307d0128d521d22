package io.zoneproxy.core.admin.stats;

import io.zoneproxy.core.admin.metric.Metric;
import io.zoneproxy.core.admin.metric.ServerInfo;
import io.zoneproxy.core.admin.metric.StatGroup;
import io.zoneproxy.core.admin.metric.StatSources;
import io.zoneproxy.core.admin.metric.Subject;
import io.zoneproxy.core.admin.metric.Timing;
import io.zoneproxy.core.observe.Histogram;
import io.zoneproxy.core.observe.ProxyView;
import io.zoneproxy.core.text.JsonWriter;
import io.zoneproxy.core.text.Visible;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The {@code /stats} page: Envoy's dotted names, as text or JSON, sorted by name. */
public final class StatsPage {
  /** The quantiles that Envoy prints, in percent. */
  private static final double[] PERCENTILES = {0, 25, 50, 75, 90, 95, 99, 99.5, 99.9, 100};

  private static final double[] BOUNDS = new Histogram().bounds();

  private final List<Readout> readouts = new ArrayList<>();
  private final List<Count> numbers = new ArrayList<>();
  private final List<Values> distributions = new ArrayList<>();
  private final StatQuery query;

  private StatsPage(StatQuery query) {
    this.query = query;
  }

  private record Count(String name, long value) {}

  /** A distribution, as {@link Histogram#cumulative()}. */
  @SuppressWarnings("ArrayRecordComponent") // passed on at once, never compared
  private record Values(String name, long[] cumulative) {
    long count() {
      return cumulative[cumulative.length - 1];
    }
  }

  /**
   * One look at a proxy, at all names.
   *
   * @param usedOnly leaves out counters at zero and distributions without a value
   */
  public static StatsPage of(ProxyView view, ServerInfo info, boolean usedOnly) {
    return of(view, info, StatQuery.all(usedOnly));
  }

  /**
   * One look at a proxy.
   *
   * @throws IllegalArgumentException when the query's filter takes too long
   */
  public static StatsPage of(ProxyView view, ServerInfo info, StatQuery query) {
    StatsPage page = new StatsPage(query);
    StatSources sources = StatSources.of(view, info);
    for (Readout readout : Readout.of(sources.server().controlPlane)) {
      if (readout.isAsked(query)) {
        page.readouts.add(readout);
      }
    }
    sources.groups(query.usedOnly()).forEach(page::take);
    page.numbers.sort(Comparator.comparing(Count::name));
    page.distributions.sort(Comparator.comparing(Values::name));
    return page;
  }

  private <T> void take(StatGroup<T> group) {
    for (Subject<T> subject : group.subjects()) {
      for (Metric<T> metric : group.metrics()) {
        metric.parts().forEach(part -> take(subject, metric, part));
      }
      group.timings().forEach(timing -> take(subject, timing));
    }
  }

  private <T> void take(Subject<T> subject, Metric<T> metric, Metric.Part<T> part) {
    long value = part.of(subject);
    if (!(query.usedOnly() && metric.unused(value)) && query.takes(subject.path(), part.stat())) {
      numbers.add(new Count(subject.path() + '.' + part.stat(), value));
    }
  }

  private <T> void take(Subject<T> subject, Timing<T> timing) {
    if (query.takes(subject.path(), timing.stat())) {
      String name = subject.path() + '.' + timing.stat();
      Values values = new Values(name, timing.of(subject).cumulative());
      if (!query.usedOnly() || values.count() > 0) {
        distributions.add(values);
      }
    }
  }

  /** Lines of {@code name: value}: texts first, distributions last, as quantiles. */
  public CharSequence text() {
    StringBuilder out = new StringBuilder();
    for (Readout readout : readouts) {
      JsonWriter.quote(out.append(readout.name()).append(": "), readout.value());
      out.append('\n');
    }
    for (Count number : numbers) {
      out.append(Visible.line(number.name())).append(": ").append(number.value()).append('\n');
    }
    for (Values values : distributions) {
      appendQuantiles(out.append(Visible.line(values.name())).append(": "), values);
      out.append('\n');
    }
    return out;
  }

  /** {@code {"stats":[{"name":…,"value":…},…,{"histograms":…}]}}. */
  public CharSequence json() {
    StringBuilder out = new StringBuilder();
    JsonWriter json = new JsonWriter(out).beginObject().name("stats").beginArray();
    for (Readout readout : readouts) {
      json.beginObject().name("name").value(readout.name());
      json.name("value").value(readout.value()).endObject();
    }
    for (Count number : numbers) {
      json.beginObject().name("name").value(number.name());
      json.name("value").value(number.value()).endObject();
    }
    if (!distributions.isEmpty()) {
      writeHistograms(json);
    }
    json.endArray().endObject();
    return out;
  }

  private void writeHistograms(JsonWriter json) {
    json.beginObject().name("histograms").beginObject().name("supported_quantiles").beginArray();
    for (double percentile : PERCENTILES) {
      json.raw(Decimals.text(percentile));
    }
    json.endArray().name("computed_quantiles").beginArray();
    for (Values values : distributions) {
      json.beginObject().name("name").value(values.name()).name("values").beginArray();
      for (double percentile : PERCENTILES) {
        json.beginObject().name("interval").raw("null").name("cumulative");
        json.raw(values.count() == 0 ? "null" : quantileText(values.cumulative(), percentile));
        json.endObject();
      }
      json.endArray().endObject();
    }
    json.endArray().endObject().endObject();
  }

  /** Envoy's {@code P50(interval,cumulative)}; there are no intervals here, it prints nan then. */
  private static void appendQuantiles(StringBuilder out, Values values) {
    if (values.count() == 0) {
      out.append("No recorded values");
      return;
    }
    String gap = "";
    for (double percentile : PERCENTILES) {
      out.append(gap).append('P').append(Decimals.text(percentile));
      out.append("(nan,").append(quantileText(values.cumulative(), percentile)).append(')');
      gap = " ";
    }
  }

  private static String quantileText(long[] cumulative, double percentile) {
    return Decimals.text(quantile(cumulative, percentile));
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
