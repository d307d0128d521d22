package io.zoneproxy.core.upstream.balance;

import java.util.function.LongSupplier;

/** Numbers by chance, from a source of longs that tests can fix. */
public final class Chance {
  /** What is left of a long when it is to be a fraction: a double has 53 bits. */
  private static final int FRACTION_BITS = 53;

  private Chance() {}

  /** A number from 0 up to a bound, that one left out; the bound is at least 1. */
  public static int below(int bound, LongSupplier random) {
    // The upper bits: the lower ones of some generators are poor.
    return (int) (((random.getAsLong() >>> Integer.SIZE) * bound) >>> Integer.SIZE);
  }

  /** A number from 0 up to a bound, that one left out. */
  static double below(double bound, LongSupplier random) {
    return (random.getAsLong() >>> (Long.SIZE - FRACTION_BITS))
        * (1.0 / (1L << FRACTION_BITS))
        * bound;
  }

  /**
   * An index by weight.
   *
   * @param bounds ascending: where the part of each ends; the last one is the sum, greater than 0
   */
  public static int weighted(double[] bounds, LongSupplier random) {
    double point = below(bounds[bounds.length - 1], random);
    int index = 0;
    while (index < bounds.length - 1 && point >= bounds[index]) {
      index++;
    }
    return index;
  }
}
