package io.zoneproxy.bench.load;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One measured interval.
 *
 * @param seconds its length
 * @param cpuSeconds that the observed processes used in it
 * @param ownCpuSeconds that the load generator used in it
 * @param figures one for each work, in the order of the works
 */
public record Measured(
    double seconds, double cpuSeconds, double ownCpuSeconds, List<Figure> figures) {
  private static final int FIGURE_FIELDS = 3;
  private static final int FIGURES = 3; // behind as many numbers
  private static final String NONE = "-";

  /**
   * What one work got done.
   *
   * @param units bytes, connections or requests
   * @param p50Nanos median latency; 0 for bytes
   * @param p99Nanos its 99th percentile
   */
  public record Figure(long units, long p50Nanos, long p99Nanos) {
    private static Figure parse(String text) {
      String[] fields = text.split(":", -1);
      if (fields.length != FIGURE_FIELDS) {
        throw new IllegalArgumentException(text + " (expected: UNITS:P50:P99)");
      }
      return new Figure(
          Long.parseLong(fields[0]), Long.parseLong(fields[1]), Long.parseLong(fields[2]));
    }

    @Override
    public String toString() {
      return units + ":" + p50Nanos + ":" + p99Nanos;
    }
  }

  /** Parses {@link #toString}. */
  public static Measured parse(String line) {
    List<String> words = List.of(line.split(" ", -1));
    return new Measured(
        Double.parseDouble(words.get(0)),
        Double.parseDouble(words.get(1)),
        Double.parseDouble(words.get(2)),
        words.get(FIGURES).equals(NONE)
            ? List.of()
            : Arrays.stream(words.get(FIGURES).split("\\+", -1)).map(Figure::parse).toList());
  }

  @Override
  public String toString() {
    String all = figures.stream().map(Figure::toString).collect(Collectors.joining("+"));
    String some = figures.isEmpty() ? NONE : all;
    return seconds + " " + cpuSeconds + " " + ownCpuSeconds + " " + some;
  }
}
