package io.zoneproxy.bench.side;

import java.util.Locale;
import java.util.Optional;

/** How figures are written. */
final class Figures {
  /** From here on a figure needs no decimals. */
  private static final double HUNDRED = 100;

  private Figures() {}

  /** With as many decimals as make three digits: 0.0791, 7.91, 79.1, 7,912. */
  static String of(double value) {
    double size = Math.abs(value);
    String format = size >= HUNDRED ? "%,.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.4f";
    return String.format(Locale.ROOT, format, value);
  }

  /** A dash when there is none. */
  static String of(Optional<Spread> spread) {
    return spread.map(each -> of(each.median())).orElse("–");
  }

  /** Median, least and most. */
  static String withSpread(Optional<Spread> spread) {
    return spread
        .map(each -> of(each.median()) + " (" + of(each.least()) + "–" + of(each.most()) + ")")
        .orElse("–");
  }

  /** Two decimals. */
  static String ratio(Optional<Double> ratio) {
    return ratio.map(each -> String.format(Locale.ROOT, "%.2f", each)).orElse("–");
  }

  /** In millions of bytes, which is what they are shown as. */
  static String megabytes(Optional<Spread> bytes) {
    return bytes.map(each -> of(each.median() / 1e6)).orElse("–");
  }
}
