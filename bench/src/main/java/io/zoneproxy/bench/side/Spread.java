package io.zoneproxy.bench.side;

import java.util.List;
import java.util.Optional;

/**
 * Several rounds of one figure.
 *
 * @param median of an even number: the mean of the middle two
 * @param least of all
 * @param most of all
 * @param rounds how many
 */
record Spread(double median, double least, double most, int rounds) {
  /** Of these values; empty when there are none. */
  static Optional<Spread> of(List<Double> values) {
    if (values.isEmpty()) {
      return Optional.empty();
    }
    List<Double> sorted = values.stream().sorted().toList();
    int size = sorted.size();
    double median = (sorted.get((size - 1) / 2) + sorted.get(size / 2)) / 2;
    return Optional.of(new Spread(median, sorted.get(0), sorted.get(size - 1), size));
  }
}
