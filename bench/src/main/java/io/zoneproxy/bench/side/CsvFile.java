package io.zoneproxy.bench.side;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Samples as comma-separated values, one line each. */
final class CsvFile {
  private CsvFile() {}

  /** With a first line of names. */
  static String of(List<Sample> samples) {
    String metrics =
        Arrays.stream(Metric.values())
            .map(metric -> metric.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(","));
    return samples.stream()
        .map(CsvFile::line)
        .collect(Collectors.joining("", "round,workload,peer," + metrics + ",fault\n", ""));
  }

  private static String line(Sample sample) {
    String values =
        Arrays.stream(Metric.values())
            .map(metric -> sample.values().get(metric))
            .map(value -> value == null ? "" : String.valueOf(value))
            .collect(Collectors.joining(","));
    String fault = sample.fault().replace("\"", "\"\"").replace('\n', ' ');
    return String.format(
        Locale.ROOT,
        "%d,%s,%s,%s,\"%s\"%n",
        sample.round(),
        sample.workload(),
        sample.peer(),
        values,
        fault);
  }
}
