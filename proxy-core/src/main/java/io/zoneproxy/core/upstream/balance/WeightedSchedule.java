package io.zoneproxy.core.upstream.balance;

import java.util.Arrays;

/**
 * Turns in the proportion of weights, spread evenly: an endpoint of half the greatest weight is met
 * in every second round. Immutable; the position is the caller's, so an update does not begin again
 * with the first endpoint.
 *
 * <p>The rule is that of a line drawn in a grid: in round {@code r} endpoint {@code i} has its turn
 * when {@code weight * r + offset} crosses a multiple of the greatest weight. One with the greatest
 * weight has its turn in each round, so a search ends within one round.
 */
final class WeightedSchedule implements Balancer {
  private final long[] weights;
  private final long greatest;

  /**
   * @param weights at least one, each 1 to 2^31
   */
  WeightedSchedule(long[] weights) {
    this.weights = weights.clone();
    this.greatest = Arrays.stream(weights).max().orElse(1);
  }

  /** The index whose turn it is, from the positions that the caller hands out one by one. */
  @Override
  public int next(Positions positions, long hash, int attempt) {
    while (true) {
      long position = positions.next() & Long.MAX_VALUE; // a counter that ran over is negative
      int index = (int) (position % weights.length);
      // The pattern repeats after so many rounds; without it the product would run over.
      long round = position / weights.length % greatest;
      // Each begins at another point of the line, or all light ones would come in one round.
      long offset = greatest * index / weights.length;
      if ((weights[index] * round + offset) % greatest >= greatest - weights[index]) {
        return index;
      }
    }
  }
}
