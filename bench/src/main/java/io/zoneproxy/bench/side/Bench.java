package io.zoneproxy.bench.side;

import io.zoneproxy.bench.load.Measured;
import io.zoneproxy.bench.load.Work;
import io.zoneproxy.bench.proc.Proc;
import java.io.IOException;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Measures one workload of one peer. */
final class Bench {
  /** Idle connections are looked at when what opened them has calmed down. */
  private static final int CALM_MILLIS = 500;

  /** Then a proxy is too slow to wait for. */
  private static final int MOST_WARM_UPS = 15;

  private final Fleet fleet;
  private final Generator generator;
  private final Pace pace;
  private final TcpMemory tcpMemory = new TcpMemory();
  private final Set<String> warmed = new HashSet<>();

  Bench(Fleet fleet, Generator generator, Pace pace) {
    this.fleet = fleet;
    this.generator = generator;
    this.pace = pace;
  }

  /** Whether it makes sense for this peer. */
  static boolean applies(Workload workload, Peer peer) {
    return peer.takes(workload.loops())
        && switch (workload.kind()) {
          case COST -> true;
          case MEMORY -> !peer.name().equals(Direct.NAME);
          case PUSHES -> peer.name().equals(Zoneproxy.NAME);
        };
  }

  /** Measures; what goes wrong is in the sample. */
  Sample measure(int round, Workload workload, Peer peer) {
    Map<Metric, Double> values = new EnumMap<>(Metric.class);
    String fault;
    try {
      values.put(Metric.TCP_MEMORY, (double) tcpMemory.settle());
      fault =
          switch (workload.kind()) {
            case COST -> cost(workload, peer, values);
            case PUSHES -> pushes(workload, peer, values);
            case MEMORY -> memory(workload, peer, values);
          };
    } catch (IOException e) {
      fault = abandon(String.valueOf(e.getMessage()));
    }
    return new Sample(round, workload.id(), peer.name(), values, fault);
  }

  private String abandon(String fault) {
    try {
      generator.end();
    } catch (IOException e) {
      return fault + "; " + e.getMessage();
    }
    return fault;
  }

  private String cost(Workload workload, Peer of, Map<Metric, Double> values) throws IOException {
    PeerProcess peer = fleet.get(of, workload.loops());
    Work.Kind kind = workload.work().kind();
    boolean first = warmed.add(peer.port() + " " + kind);
    generator.moveTo(workload.loops() == 1 ? Cpus.SECOND : Cpus.ALL);
    generator.begin(peer.port(), List.of(workload.work()));
    if (first) {
      warmUp(kind.inTls() && !of.name().equals(Zoneproxy.NAME) ? 0 : pace.firstUnits(kind));
    }
    Measured measured = generator.measure(pace.warmMillis(), pace.millis(), peer.pids());
    String fault = generator.end();
    put(workload, measured, peer, values);
    return fault;
  }

  private void warmUp(long units) throws IOException {
    long done = 0;
    for (int i = 0; i == 0 || (i < MOST_WARM_UPS && done < units); i++) {
      done += generator.measure(0, pace.firstMillis(), List.of()).figures().get(0).units();
    }
  }

  private static void put(
      Workload workload, Measured measured, PeerProcess peer, Map<Metric, Double> values) {
    Measured.Figure figure = measured.figures().get(0);
    Workload.Unit unit = workload.unit();
    values.put(Metric.PER_SECOND, figure.units() / measured.seconds());
    if (figure.units() > 0) {
      values.put(Metric.GENERATOR_COST, unit.cost(measured.ownCpuSeconds(), figure.units()));
      if (!peer.pids().isEmpty()) {
        values.put(Metric.COST, unit.cost(measured.cpuSeconds(), figure.units()));
      }
    }
    if (workload.hasLatency()) {
      values.put(Metric.P50_MICROS, micros(figure.p50Nanos()));
      values.put(Metric.P99_MICROS, micros(figure.p99Nanos()));
    }
  }

  private static double micros(long nanos) {
    return nanos / (double) TimeUnit.MICROSECONDS.toNanos(1);
  }

  private String pushes(Workload workload, Peer of, Map<Metric, Double> values) throws IOException {
    PeerProcess peer = fleet.get(of, workload.loops());
    Admin admin = new Admin(peer.place().adminPort());
    long began = System.nanoTime();
    try (Pushes pushes = Pushes.start(peer.place())) {
      long before = admin.stat("zoneproxy.config_applied");
      String fault = cost(workload, of, values);
      double seconds = (System.nanoTime() - began) / (double) TimeUnit.SECONDS.toNanos(1);
      long applied = admin.stat("zoneproxy.config_applied") - before;
      values.put(Metric.PUSHED_PER_SECOND, pushes.written() / seconds);
      values.put(Metric.APPLIED_PER_SECOND, applied / seconds);
      return fault;
    }
  }

  /** A process of its own: in one that has worked, memory that is free again would be reused. */
  private String memory(Workload workload, Peer peer, Map<Metric, Double> values)
      throws IOException {
    generator.moveTo(Cpus.SECOND);
    try (PeerProcess process = fleet.startFresh(peer)) {
      generator.begin(process.port(), List.of(workload.work().beforeIdle()));
      generator.measure(0, pace.warmMillis(), List.of());
      String fault = generator.end();
      generator.measure(0, CALM_MILLIS, List.of());
      List<Integer> pids = process.pids();
      long before = Proc.HERE.residentBytes(pids);
      generator.begin(process.port(), List.of(workload.work()));
      generator.measure(0, CALM_MILLIS, List.of());
      long with = Proc.HERE.residentBytes(pids);
      values.put(Metric.THREADS, (double) Proc.HERE.threads(pids));
      values.put(Metric.RESIDENT_BEFORE, (double) before);
      values.put(Metric.RESIDENT_WITH, (double) with);
      values.put(Metric.COST, (double) (with - before) / workload.work().connections());
      return fault + generator.end();
    }
  }
}
