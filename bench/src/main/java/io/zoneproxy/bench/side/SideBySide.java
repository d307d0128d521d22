package io.zoneproxy.bench.side;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A whole run: rounds, workloads in each, peers in each of those. */
public final class SideBySide {
  private final Options options;
  private final Path repository;
  private final Plan plan;
  private final List<Workload> workloads;
  private final List<Peer> peers;
  private final PrintStream log;

  private SideBySide(
      Options options, Path repository, Plan plan, List<Peer> peers, PrintStream log) {
    this.options = options;
    this.repository = repository;
    this.plan = plan;
    this.workloads = Workloads.of(plan.workloads(), options.workloads());
    this.peers = peers;
    this.log = log;
  }

  /**
   * Runs all, and writes report, picture and figures after each round.
   *
   * @param log for people who wait
   * @return whether every byte of zoneproxy's was right; what others lose is in the report
   */
  static boolean run(Options options, Path repository, PrintStream log) throws IOException {
    List<Peer> peers = Peers.all(repository, options.javaOptions());
    Plan plan = new Plan("", Workloads.all(), peers, Reference.HAPROXY, Optional.empty());
    return run(options, repository, plan, log);
  }

  private static boolean run(Options options, Path repository, Plan plan, PrintStream log)
      throws IOException {
    List<Peer> asked = Peers.of(plan.peers(), options.peers());
    asked.forEach(
        peer ->
            peer.absence().ifPresent(why -> log.println("without " + peer.name() + ": " + why)));
    List<Peer> here = asked.stream().filter(peer -> peer.absence().isEmpty()).toList();
    return new SideBySide(options, repository, plan, here, log).run();
  }

  /**
   * A run of another plan, in the namespace that the start script made.
   *
   * @param args behind the command
   * @param out folder of the report, when nothing is said
   * @param plan made when it is known how to start zoneproxy's JVM
   * @return as the other one
   */
  public static boolean run(
      List<String> args, Path repository, Path out, Function<String, Plan> plan, PrintStream log)
      throws IOException {
    Options options = Options.parse(args, out);
    Machine.check();
    Network.prepare();
    return run(options, repository, plan.apply(options.javaOptions()), log);
  }

  private boolean run() throws IOException {
    List<String> machine = Machine.lines(repository, plan.command(), options.arguments(), peers);
    List<Sample> samples = new ArrayList<>();
    Files.createDirectories(options.out());
    try (Generator generator =
            Generator.start(Zoneproxy.serverName(), Fleet.UPSTREAM_PORT, plan.certificates());
        Fleet fleet = new Fleet(options.out().resolve("work"), Fleet.UPSTREAM_PORT)) {
      Bench bench = new Bench(fleet, generator, options.pace());
      for (int round = 1; round <= options.rounds(); round++) {
        round(round, bench, samples);
        write(machine, new Results(samples, plan.reference()));
      }
    }
    log.println(options.out().resolve("report.md"));
    return samples.stream()
        .filter(sample -> sample.peer().equals(Zoneproxy.NAME))
        .allMatch(sample -> sample.fault().isEmpty());
  }

  /** All peers do a workload one after the other: what else the machine does hits all alike. */
  private void round(int round, Bench bench, List<Sample> samples) {
    List<Peer> order = new ArrayList<>(peers);
    Collections.rotate(order, -(round - 1)); // nobody is always first
    for (Workload workload : workloads) {
      for (Peer peer : order) {
        if (Bench.applies(workload, peer)) {
          Sample sample = bench.measure(round, workload, peer);
          samples.add(sample);
          log.println(Progress.line(sample, workload));
        }
      }
    }
  }

  private void write(List<String> machine, Results results) throws IOException {
    Path out = options.out();
    Files.writeString(out.resolve("samples.csv"), CsvFile.of(results.samples()));
    Files.writeString(out.resolve("report.md"), Report.of(machine, results, workloads, peers));
    Files.writeString(out.resolve("ratios.svg"), Chart.of(results, workloads, peers));
  }
}
