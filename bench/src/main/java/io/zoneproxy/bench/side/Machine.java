package io.zoneproxy.bench.side;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** What ran where: the report's first lines. */
final class Machine {
  private Machine() {}

  /**
   * One line each: date and commit, command, machine, kernel, JVM, peers.
   *
   * @param command of {@code bench/run}; "" for the one that need not be said
   * @param arguments of the command
   */
  static List<String> lines(
      Path repository, String command, List<String> arguments, List<Peer> peers)
      throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(Instant.now().truncatedTo(ChronoUnit.MINUTES) + ", commit " + commit(repository));
    lines.add("`" + ("bench/run " + command).strip() + " " + String.join(" ", arguments) + "`");
    lines.add(
        Cpus.available()
            + " CPUs "
            + processor(Files.readAllLines(Path.of("/proc/cpuinfo")))
            + ", Linux "
            + System.getProperty("os.version")
            + ", own network namespace, reno");
    String load = Files.readString(Path.of("/proc/loadavg"));
    lines.add("load average before the run: " + load.substring(0, load.indexOf(' ')));
    lines.add("Java " + Runtime.version());
    for (Peer peer : peers) {
      if (!peer.versionCommand().isEmpty() && !peer.name().equals(Haproxy.SPLICE_NAME)) {
        lines.add(peer.name() + ": " + version(Commands.firstLine(peer.versionCommand())));
      }
    }
    return lines;
  }

  /** Envoy's begins with the path of its binary. */
  static String version(String line) {
    return line.startsWith("/") ? line.substring(line.indexOf(' ') + 1).strip() : line;
  }

  private static String commit(Path repository) {
    String git = "git";
    String commit =
        Commands.firstLine(
            List.of(git, "-C", repository.toString(), "rev-parse", "--short=10", "HEAD"));
    String changed =
        Commands.firstLine(
            List.of(git, "-C", repository.toString(), "status", "--porcelain", "-uno"));
    return changed.isEmpty() ? commit : commit + " with local changes";
  }

  /** Refuses a machine on which proxy and generator would take each other's time. */
  static void check() {
    int cpus = Cpus.available();
    if (cpus < Cpus.LEAST) {
      throw new IllegalArgumentException(cpus + " CPUs (expected: " + Cpus.LEAST + " or more)");
    }
  }

  static String processor(List<String> cpuinfo) {
    return cpuinfo.stream()
        .filter(line -> line.startsWith("model name"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("of unknown make");
  }
}
