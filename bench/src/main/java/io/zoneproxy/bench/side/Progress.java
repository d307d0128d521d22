package io.zoneproxy.bench.side;

import java.util.Locale;

/** One line for each sample, for people who wait. */
final class Progress {
  private Progress() {}

  static String line(Sample sample, Workload workload) {
    String cost = value(sample, Metric.COST, 1);
    String rate = value(sample, Metric.PER_SECOND, workload.unit().rate(1));
    return String.format(
        Locale.ROOT,
        "round %d  %-16s %-15s %10s %-12s %10s %-6s %s",
        sample.round(),
        sample.workload(),
        sample.peer(),
        cost,
        workload.unit().costTitle(),
        rate,
        workload.unit().rateTitle(),
        sample.fault());
  }

  private static String value(Sample sample, Metric metric, double factor) {
    Double value = sample.values().get(metric);
    return value == null ? "-" : Figures.of(value * factor);
  }
}
