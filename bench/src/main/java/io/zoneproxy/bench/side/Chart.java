package io.zoneproxy.bench.side;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The ratios as bars, in SVG. Its colours suit a light and a dark page. */
final class Chart {
  private static final int LABELS_WIDTH = 290;
  private static final int UNIT_WIDTH = 150; // a ratio of 1
  private static final int BAR_HEIGHT = 11;
  private static final int GROUP_GAP = 14;
  private static final int TOP = 46;
  private static final int KEY_STEP = 165;
  private static final int TEXT_RISE = 2; // from a bar's lower edge to the text's base line

  /** Longer bars are cut: 4 times as dear is bad enough to see. */
  private static final double LONGEST = 4;

  /** Okabe and Ito's palette, which people with colour-blindness can tell apart. */
  private static final List<String> COLOURS =
      List.of("#0072b2", "#56b4e9", "#009e73", "#cc79a7", "#e69f00", "#d55e00", "#999999");

  private static final String STYLE =
      """
      <style>
        text { font: 11px system-ui, sans-serif; fill: #24292f; }
        .axis { stroke: #24292f; stroke-dasharray: 3 3; }
        @media (prefers-color-scheme: dark) {
          text { fill: #e6edf3; }
          .axis { stroke: #e6edf3; }
        }
      </style>
      """;

  private final StringBuilder out = new StringBuilder();
  private int y = TOP;

  private Chart() {}

  /**
   * Draws.
   *
   * @param workloads from top to bottom; those without a ratio are left out
   * @param peers from top to bottom in each group
   */
  static String of(Results results, List<Workload> workloads, List<Peer> peers) {
    List<Peer> bars = peers.stream().filter(peer -> !peer.name().equals(Direct.NAME)).toList();
    Chart chart = new Chart();
    chart.key(bars, results.reference().title());
    for (Workload workload : workloads) {
      if (results.best(workload.id()).isPresent()) {
        chart.group(results, workload, bars);
      }
    }
    return chart.finish(
        Math.max(LABELS_WIDTH + (int) (LONGEST * UNIT_WIDTH) + 60, KEY_STEP * bars.size() + 20));
  }

  private void key(List<Peer> bars, String best) {
    text(10, 16, "start", "Cost for a unit of work; " + best + " = 1, lower is better");
    for (int i = 0; i < bars.size(); i++) {
      int x = 10 + i * KEY_STEP;
      bar(x, TOP - 20, BAR_HEIGHT, i);
      text(x + BAR_HEIGHT + 5, TOP - 20 + BAR_HEIGHT - TEXT_RISE, "start", bars.get(i).title());
    }
  }

  private void group(Results results, Workload workload, List<Peer> bars) {
    y += GROUP_GAP;
    int first = y;
    for (int i = 0; i < bars.size(); i++) {
      Optional<Double> ratio = results.ratio(workload.id(), bars.get(i).name());
      if (ratio.isPresent()) {
        int width = (int) Math.round(Math.min(ratio.get(), LONGEST) * UNIT_WIDTH);
        bar(LABELS_WIDTH, y, width, i);
        text(LABELS_WIDTH + width + 4, y + BAR_HEIGHT - TEXT_RISE, "start", Figures.ratio(ratio));
        y += BAR_HEIGHT + 1;
      }
    }
    text(LABELS_WIDTH - 8, (first + y) / 2 + 3, "end", workload.title());
  }

  private String finish(int width) {
    int height = y + GROUP_GAP;
    int one = LABELS_WIDTH + UNIT_WIDTH;
    return String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%1$d\" height=\"%2$d\""
                + " viewBox=\"0 0 %1$d %2$d\" role=\"img\">%n",
            width,
            height)
        + STYLE
        + out
        + String.format(
            Locale.ROOT,
            "<line class=\"axis\" x1=\"%1$d\" x2=\"%1$d\" y1=\"%2$d\" y2=\"%3$d\"/>%n</svg>%n",
            one,
            TOP,
            height - GROUP_GAP / 2);
  }

  private void bar(int x, int top, int width, int peer) {
    String colour = COLOURS.get(peer % COLOURS.size());
    out.append(
        String.format(
            Locale.ROOT,
            "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>%n",
            x,
            top,
            width,
            BAR_HEIGHT,
            colour));
  }

  private void text(int x, int base, String anchor, String text) {
    String escaped = text.replace("&", "&amp;").replace("<", "&lt;");
    out.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s</text>%n",
            x,
            base,
            anchor,
            escaped));
  }
}
