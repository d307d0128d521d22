package io.zoneproxy.core.upstream;

import java.util.List;

/**
 * Endpoints of one priority in the proportion of their weights, spread evenly: an endpoint of half
 * the greatest weight is met in every second round. Immutable; the position is the caller's, so an
 * update does not begin again with the first endpoint.
 *
 * <p>The rule is that of a line drawn in a grid: in round {@code r} endpoint {@code i} has its turn
 * when {@code weight * r + offset} crosses a multiple of the greatest weight. One with the greatest
 * weight has its turn in each round, so a search ends within one round.
 */
final class WeightedSchedule {
  private final Endpoint[] endpoints;
  private final long[] weights;
  private final long greatest;

  WeightedSchedule(List<Endpoint> endpoints, List<Integer> weights) {
    this.endpoints = endpoints.toArray(new Endpoint[0]);
    this.weights = weights.stream().mapToLong(Integer::longValue).toArray();
    this.greatest = weights.stream().mapToLong(Integer::longValue).max().orElse(1);
  }

  /** How many endpoints. */
  int size() {
    return endpoints.length;
  }

  Endpoint endpoint(int index) {
    return endpoints[index];
  }

  /** The index whose turn it is, from the positions that the caller hands out one by one. */
  int next(Positions positions) {
    while (true) {
      long position = positions.next() & Long.MAX_VALUE; // a counter that ran over is negative
      int index = (int) (position % endpoints.length);
      // The pattern repeats after so many rounds; without it the product would run over.
      long round = position / endpoints.length % greatest;
      // Each begins at another point of the line, or all light ones would come in one round.
      long offset = greatest * index / endpoints.length;
      if ((weights[index] * round + offset) % greatest >= greatest - weights[index]) {
        return index;
      }
    }
  }

  /** Hands out 0, 1, 2, …, each once. */
  @FunctionalInterface
  interface Positions {
    long next();
  }
}
