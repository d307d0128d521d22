package io.zoneproxy.core.upstream.balance;

import java.util.function.LongSupplier;

/**
 * The one with the fewest open connections, or requests under way. With equal weights a few are
 * drawn and compared; with unequal ones chance decides, weight / (active + 1)^bias being the share
 * of each: what Envoy's schedule comes to on average.
 */
final class LeastRequest implements Balancer {
  private final Pool pool;
  private final int choices;
  private final double bias;
  private final LongSupplier random;
  private final boolean equal;

  LeastRequest(Pool pool, int choices, double bias, LongSupplier random) {
    this.pool = pool;
    this.choices = choices;
    this.bias = bias;
    this.random = random;
    this.equal = equalWeights(pool);
  }

  private static boolean equalWeights(Pool pool) {
    for (int i = 1; i < pool.size(); i++) {
      if (pool.weight(i) != pool.weight(0)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int next(Positions positions, long hash, int attempt) {
    return equal ? leastOfSome() : byShare();
  }

  private int leastOfSome() {
    int best = Chance.below(pool.size(), random);
    for (int i = 1; i < choices; i++) {
      int other = Chance.below(pool.size(), random);
      if (pool.active(other) < pool.active(best)) {
        best = other;
      }
    }
    return best;
  }

  private int byShare() {
    double sum = 0;
    for (int i = 0; i < pool.size(); i++) {
      sum += share(i);
    }
    double point = Chance.below(sum, random);
    for (int i = 0; i < pool.size() - 1; i++) {
      point -= share(i);
      if (point < 0) {
        return i;
      }
    }
    return pool.size() - 1; // also when connections came and went between the two sums
  }

  private double share(int index) {
    long active = Math.max(0, pool.active(index)); // a sum that is read while others count
    return active == 0
        ? pool.weight(index)
        : pool.weight(index) / Math.pow((double) active + 1, bias);
  }
}
