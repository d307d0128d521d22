package io.zoneproxy.bench.side;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All samples of a run, and what follows from them.
 *
 * @param samples in the order in which they were taken
 * @param reference what ratios are to
 */
record Results(List<Sample> samples, Reference reference) {
  Results {
    samples = List.copyOf(samples);
  }

  /** Of what only relays. */
  Results(List<Sample> samples) {
    this(samples, Reference.HAPROXY);
  }

  /** A figure over the rounds; empty when it was never measured. */
  Optional<Spread> spread(String workload, String peer, Metric metric) {
    return Spread.of(
        of(workload, peer)
            .map(sample -> sample.values().get(metric))
            .filter(Objects::nonNull)
            .toList());
  }

  /** The least of the reference's median costs: what all ratios are to. */
  Optional<Double> best(String workload) {
    return reference.peers().stream()
        .flatMap(peer -> spread(workload, peer, Metric.COST).stream())
        .map(Spread::median)
        .min(Double::compare);
  }

  /** A peer's median cost, the reference's being 1; empty when either is missing. */
  Optional<Double> ratio(String workload, String peer) {
    return best(workload)
        .flatMap(best -> spread(workload, peer, Metric.COST).map(spread -> spread.median() / best));
  }

  /** What went wrong, each text once. */
  List<String> faults(String workload, String peer) {
    return of(workload, peer)
        .map(Sample::fault)
        .filter(fault -> !fault.isEmpty())
        .distinct()
        .toList();
  }

  /** Whether the peer ran the workload, or tried to. */
  boolean has(String workload, String peer) {
    return of(workload, peer).findAny().isPresent();
  }

  /** Rounds of the run. */
  int rounds() {
    return samples.stream().mapToInt(Sample::round).max().orElse(0);
  }

  private Stream<Sample> of(String workload, String peer) {
    return samples.stream()
        .filter(each -> each.workload().equals(workload) && each.peer().equals(peer));
  }
}
