package io.zoneproxy.core.admin.stats;

/** Numbers as Envoy prints them: at most two decimals here, and none that says nothing. */
final class Decimals {
  /** Two decimals: the buckets that quantiles are guessed from are coarser. */
  private static final double HUNDREDTHS = 100;

  private Decimals() {}

  static String text(double value) {
    double rounded = Math.round(value * HUNDREDTHS) / HUNDREDTHS;
    return rounded == Math.rint(rounded) ? Long.toString((long) rounded) : Double.toString(rounded);
  }
}
