package io.zoneproxy.bench.push;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was measured, by what it is, in the order of the measuring. */
final class Figures {
  private final Map<String, Double> values = new LinkedHashMap<>();

  void put(String what, double value) {
    values.put(what, value);
  }

  /** A table of one column. */
  static String alone(String title, Figures of) {
    StringBuilder text = new StringBuilder("| | " + title + " |\n|---|---:|\n");
    of.values.forEach((what, value) -> text.append(row(what, List.of(number(value)))));
    return text.toString();
  }

  /** A table of two columns and their ratio, each of several rounds: medians, and the extremes. */
  static String beside(String left, List<Figures> these, String right, List<Figures> those) {
    StringBuilder text =
        new StringBuilder("| | %s | %s | ratio |\n|---|---:|---:|---:|\n".formatted(left, right));
    for (String what : these.get(0).values.keySet()) {
      double[] one = sorted(what, these);
      double[] other = sorted(what, those);
      double ratio = middle(one) / middle(other);
      text.append(
          row(what, List.of(spread(one), spread(other), other[0] > 0 ? number(ratio) : "–")));
    }
    return text.toString();
  }

  private static String row(String what, List<String> cells) {
    return "| " + what + " | " + String.join(" | ", cells) + " |\n";
  }

  private static double[] sorted(String what, List<Figures> of) {
    return of.stream().mapToDouble(each -> each.values.getOrDefault(what, 0.0)).sorted().toArray();
  }

  private static double middle(double[] sorted) {
    return sorted[sorted.length / 2];
  }

  private static String spread(double[] sorted) {
    String middle = number(middle(sorted));
    return sorted.length == 1
        ? middle
        : "%s (%s–%s)".formatted(middle, number(sorted[0]), number(sorted[sorted.length - 1]));
  }

  /** Three digits are more than repeats. */
  private static String number(double value) {
    return value >= 100 || value == Math.rint(value)
        ? "%,.0f".formatted(value)
        : value >= 10 ? "%.1f".formatted(value) : "%.2f".formatted(value);
  }
}
