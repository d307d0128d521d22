package io.zoneproxy.bench.side;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Which CPUs a process may use, as {@code taskset} takes them. */
enum Cpus {
  /** The proxy's. */
  FIRST("0"),
  /** The load generator's, and the harness's. */
  SECOND("1"),
  /** Everybody's, for the workloads with two loops. */
  ALL("0-" + (available() - 1));

  /** Below it proxy and generator would take each other's time. */
  static final int LEAST = 2;

  private final String list;

  Cpus(String list) {
    this.list = list;
  }

  /** How many the machine has; the JVM knows only of those that it may use itself. */
  static int available() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return (int) lines.filter(line -> line.startsWith("processor")).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** For a proxy with so many loops. */
  static Cpus ofLoops(int loops) {
    return loops == 1 ? FIRST : ALL;
  }

  /** A command that runs there. */
  List<String> pin(List<String> command) {
    List<String> pinned = new ArrayList<>(List.of("taskset", "-c", list));
    pinned.addAll(command);
    return pinned;
  }

  /** Moves a running process with all its threads. */
  void move(long pid) throws IOException {
    Commands.run(List.of("taskset", "-a", "-c", "-p", list, String.valueOf(pid)));
  }
}
