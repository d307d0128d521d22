package io.zoneproxy.bench.micro;

import java.util.Locale;

/** The table that {@link RoutesMain} prints. */
final class RoutesReport {
  private static final String LINE = "%-44s %9s %9s %9s  %s%n";

  private RoutesReport() {}

  /**
   * Medians, spread and targets.
   *
   * @param few of runs with 10 routes
   * @param many of runs with 100,000
   */
  static String text(Samples few, Samples many) {
    StringBuilder out = new StringBuilder();
    out.append(LINE.formatted("100,000 routes", "median", "least", "most", "target"));
    line(out, "model to serving, first in a JVM, ms", many, RoutesProbe.COLD, "<= 1000");
    line(out, "  the CPU time of its thread, ms", many, RoutesProbe.COLD_CPU, "");
    line(out, "model to serving, warm, ms", many, RoutesProbe.WARM, "<= 1000");
    line(out, "one endpoint changed, ms", many, RoutesProbe.CHANGE, "");
    line(out, "lookup, hash known, one name, ns", many, RoutesProbe.HASHED_ONE, "<= 50");
    line(out, "lookup, hash known, all names, ns", many, RoutesProbe.HASHED_ALL, "<= 50");
    line(out, "lookup, from bytes, one name, ns", many, RoutesProbe.BYTES_ONE, "<= 150");
    line(out, "lookup, from bytes, all names, ns", many, RoutesProbe.BYTES_ALL, "<= 150");
    more(out, "heap more than with 10, MB", few, many, RoutesProbe.HEAP, "<= 60");
    more(out, "  the model alone, as it is handed over", few, many, RoutesProbe.MODEL_HEAP, "");
    return out.toString();
  }

  private static void line(
      StringBuilder out, String label, Samples of, String figure, String target) {
    out.append(
        LINE.formatted(
            label,
            number(of.median(figure)),
            number(of.least(figure)),
            number(of.greatest(figure)),
            target));
  }

  private static void more(
      StringBuilder out, String label, Samples few, Samples many, String figure, String target) {
    double base = few.median(figure);
    out.append(
        LINE.formatted(
            label,
            number(many.median(figure) - base),
            number(many.least(figure) - base),
            number(many.greatest(figure) - base),
            target));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
