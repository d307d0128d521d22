package io.zoneproxy.bench.side;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A run as Markdown. */
final class Report {
  private final Results results;
  private final List<Workload> workloads;
  private final List<Peer> peers;
  private final StringBuilder out = new StringBuilder();

  private Report(Results results, List<Workload> workloads, List<Peer> peers) {
    this.results = results;
    this.workloads = workloads;
    this.peers = peers;
  }

  /**
   * Writes it.
   *
   * @param machine lines that say what ran where
   * @param workloads in the order of the report
   * @param peers in the order of the columns
   */
  static String of(
      List<String> machine, Results results, List<Workload> workloads, List<Peer> peers) {
    Report report = new Report(results, workloads, peers);
    report.line("# Side by side");
    report.line("");
    machine.forEach(line -> report.line("* " + line));
    report.ratios();
    workloads.forEach(report::table);
    return report.out.toString();
  }

  private void ratios() {
    line("");
    line("## Cost for a unit of work, " + results.reference().title() + " = 1");
    line("");
    line("Medians, rounds: " + results.rounds() + ". Lower is better. ![ratios](ratios.svg)");
    line("");
    List<Peer> proxies = peers.stream().filter(peer -> !isDirect(peer)).toList();
    header("work", proxies.stream().map(Peer::title).toList());
    for (Workload workload : workloads) {
      if (results.best(workload.id()).isPresent()) {
        row(
            workload.title(),
            proxies.stream()
                .map(peer -> Figures.ratio(results.ratio(workload.id(), peer.name())))
                .toList());
      }
    }
  }

  private void table(Workload workload) {
    List<Peer> ran =
        peers.stream().filter(peer -> results.has(workload.id(), peer.name())).toList();
    if (ran.isEmpty()) {
      return;
    }
    line("");
    line("## " + workload.title());
    line("");
    List<Column> columns = Column.of(workload);
    header("proxy", columns.stream().map(Column::title).toList());
    for (Peer peer : ran) {
      row(
          peer.title(),
          columns.stream()
              .map(column -> column.text().apply(results, peer.name()))
              .collect(Collectors.toList()));
    }
    for (Peer peer : ran) {
      results
          .faults(workload.id(), peer.name())
          .forEach(fault -> line("\n**" + peer.title() + " failed:** " + fault));
    }
  }

  private static boolean isDirect(Peer peer) {
    return peer.name().equals(Direct.NAME);
  }

  private void header(String first, List<String> titles) {
    row(first, titles);
    row("---", titles.stream().map(title -> "---:").toList());
  }

  private void row(String first, List<String> cells) {
    List<String> all = new ArrayList<>(List.of(first));
    all.addAll(cells);
    line("| " + String.join(" | ", all) + " |");
  }

  private void line(String text) {
    out.append(text).append('\n');
  }
}
