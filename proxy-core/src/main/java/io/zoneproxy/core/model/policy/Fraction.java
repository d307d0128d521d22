package io.zoneproxy.core.model.policy;

/**
 * A share of requests.
 *
 * @param numerator 0 for none
 * @param denominator at least 1: 100, 10,000 or 1,000,000
 */
public record Fraction(int numerator, int denominator) {
  /** All of them. */
  public static final Fraction ALL = new Fraction(100, 100);

  public Fraction {
    if (numerator < 0 || denominator < 1) {
      throw new IllegalArgumentException(
          "fraction: " + numerator + "/" + denominator + " (expected: >= 0 / >= 1)");
    }
  }
}
