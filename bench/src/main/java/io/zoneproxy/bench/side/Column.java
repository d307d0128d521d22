package io.zoneproxy.bench.side;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * A column of a workload's table.
 *
 * @param title above it
 * @param text its cell for a peer's name
 */
record Column(String title, BiFunction<Results, String, String> text) {
  /** Those that make sense for the workload. */
  static List<Column> of(Workload workload) {
    return switch (workload.kind()) {
      case COST -> cost(workload);
      case MEMORY -> memory(workload);
      case PUSHES -> pushes(workload);
    };
  }

  private static List<Column> cost(Workload workload) {
    Workload.Unit unit = workload.unit();
    List<Column> columns = new ArrayList<>();
    columns.add(
        new Column(
            unit.costTitle() + " (least–most)",
            (results, peer) ->
                Figures.withSpread(results.spread(workload.id(), peer, Metric.COST))));
    columns.add(
        new Column("ratio", (results, peer) -> Figures.ratio(results.ratio(workload.id(), peer))));
    columns.add(
        new Column(
            unit.rateTitle(),
            (results, peer) ->
                Figures.of(
                    results
                        .spread(workload.id(), peer, Metric.PER_SECOND)
                        .flatMap(each -> Spread.of(List.of(unit.rate(each.median())))))));
    if (workload.hasLatency()) {
      columns.add(plain(workload, "p50 µs", Metric.P50_MICROS));
      columns.add(plain(workload, "p99 µs", Metric.P99_MICROS));
    }
    columns.add(plain(workload, "generator's " + unit.costTitle(), Metric.GENERATOR_COST));
    return columns;
  }

  private static List<Column> memory(Workload workload) {
    return List.of(
        new Column(
            workload.unit().costTitle() + " (least–most)",
            (results, peer) ->
                Figures.withSpread(results.spread(workload.id(), peer, Metric.COST))),
        new Column("ratio", (results, peer) -> Figures.ratio(results.ratio(workload.id(), peer))),
        megabytes(workload, "MB before", Metric.RESIDENT_BEFORE),
        megabytes(workload, "MB with " + workload.work().connections(), Metric.RESIDENT_WITH),
        plain(workload, "threads", Metric.THREADS));
  }

  private static List<Column> pushes(Workload workload) {
    List<Column> columns = new ArrayList<>(cost(workload));
    columns.add(plain(workload, "pushed/s", Metric.PUSHED_PER_SECOND));
    columns.add(plain(workload, "applied/s", Metric.APPLIED_PER_SECOND));
    return columns;
  }

  private static Column plain(Workload workload, String title, Metric metric) {
    return new Column(
        title, (results, peer) -> Figures.of(results.spread(workload.id(), peer, metric)));
  }

  private static Column megabytes(Workload workload, String title, Metric metric) {
    return new Column(
        title,
        (results, peer) -> {
          Optional<Spread> bytes = results.spread(workload.id(), peer, metric);
          return Figures.megabytes(bytes);
        });
  }
}
