package io.zoneproxy.bench.side;

import io.zoneproxy.bench.load.Measured;
import io.zoneproxy.bench.load.Work;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * All kinds of work at once against zoneproxy alone, for long; then everything has to come back.
 */
final class Soak {
  /** Then all connections end, are checked, and begin anew. */
  private static final long SPELL_MILLIS = 20_000;

  /** Closed sockets, timers of a second, the JVM's own threads. */
  private static final long CALM_MILLIS = 5_000;

  private static final int LOOPS = 2;

  private static final List<Work> MIX =
      List.of(
          Work.bulk(Work.Kind.DOWNLOAD, 4),
          Work.bulk(Work.Kind.UPLOAD, 4),
          Work.connect(16),
          Work.ping(50, 2_000),
          Work.answers(50, 500, 16 * 1024),
          Work.answers(50, 200, 128 * 1024),
          Work.idle(500));

  private final PeerProcess zoneproxy;
  private final Generator generator;
  private final PrintStream log;
  private final TcpMemory tcpMemory = new TcpMemory();
  private final List<String> faults = new ArrayList<>();

  private Soak(PeerProcess zoneproxy, Generator generator, PrintStream log) {
    this.zoneproxy = zoneproxy;
    this.generator = generator;
    this.log = log;
  }

  /**
   * Runs it.
   *
   * @param log told of each spell, of the beginning and the end
   * @return whether all came back, and every byte was right
   */
  static boolean run(Options options, Path repository, PrintStream log) throws IOException {
    Peer peer =
        new Zoneproxy(
            repository, ("-XX:NativeMemoryTracking=summary " + options.javaOptions()).strip());
    try (Generator generator = Generator.start(Zoneproxy.serverName(), Fleet.UPSTREAM_PORT);
        Fleet fleet = new Fleet(options.out().resolve("soak"), Fleet.UPSTREAM_PORT)) {
      generator.moveTo(Cpus.ALL);
      return new Soak(fleet.get(peer, LOOPS), generator, log).run(options.minutes());
    }
  }

  private boolean run(int minutes) throws IOException {
    spell(); // compiles, fills pools
    SoakState begin = state();
    log.println("beginning: " + begin);
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(minutes);
    while (System.nanoTime() < deadline) {
      spell();
    }
    SoakState end = state();
    log.println("end:       " + end);
    faults.addAll(SoakVerdict.faults(begin, end, zoneproxy.logText()));
    faults.forEach(fault -> log.println("fault: " + fault));
    return faults.isEmpty();
  }

  private void spell() throws IOException {
    generator.begin(zoneproxy.port(), MIX);
    Measured measured = generator.measure(0, SPELL_MILLIS, zoneproxy.pids());
    String under = SoakState.of(zoneproxy.pids().get(0)).toString();
    String fault = generator.end();
    if (!fault.isEmpty()) {
      faults.add(fault);
    }
    log.println(
        String.format(
            Locale.ROOT,
            "%,.1f Gbit/s down, %,.1f up, %,.0f conn/s; %s",
            perSecond(measured, 0) * 8e-9,
            perSecond(measured, 1) * 8e-9,
            perSecond(measured, 2),
            under));
  }

  private static double perSecond(Measured measured, int work) {
    return measured.figures().get(work).units() / measured.seconds();
  }

  private SoakState state() throws IOException {
    generator.measure(0, CALM_MILLIS, List.of());
    tcpMemory.settle();
    return SoakState.of(zoneproxy.pids().get(0));
  }
}
