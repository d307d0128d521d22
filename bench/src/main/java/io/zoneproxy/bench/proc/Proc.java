package io.zoneproxy.bench.proc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The files below {@code /proc}. Whatever is asked of a process that is gone counts as nothing.
 *
 * @param root {@code /proc}, or a copy of it
 */
public record Proc(Path root) {
  /** Of this machine. */
  public static final Proc HERE = new Proc(Path.of("/proc"));

  /** USER_HZ: the kernel shows 100 ticks a second on every CPU type that is built for. */
  private static final double TICKS_PER_SECOND = 100;

  private static final int BYTES_PER_KB = 1024;

  /** Seconds of CPU that these processes have used since they began, all threads. */
  public double cpuSeconds(Collection<Integer> pids) {
    return pids.stream().flatMap(pid -> stat(pid).stream()).mapToLong(ProcStat::cpuTicks).sum()
        / TICKS_PER_SECOND;
  }

  /** Resident memory in bytes. Pages that processes share count once for each of them. */
  public long residentBytes(Collection<Integer> pids) {
    return sumOfStatus(pids, "VmRSS:") * BYTES_PER_KB;
  }

  /** Number of threads. */
  public long threads(Collection<Integer> pids) {
    return sumOfStatus(pids, "Threads:");
  }

  /** What {@code net/sockstat} says of this network namespace, and of all for the memory. */
  public SockStat sockets() {
    return SockStat.parse(lines(root.resolve("net/sockstat")));
  }

  /** Open descriptors. */
  public Descriptors descriptors(int pid) {
    int open = 0;
    int pipes = 0;
    for (Path fd : children(root.resolve(pid + "/fd"))) {
      open++;
      if (target(fd).startsWith("pipe:")) {
        pipes++;
      }
    }
    return new Descriptors(open, pipes);
  }

  private long sumOfStatus(Collection<Integer> pids, String key) {
    return pids.stream()
        .flatMap(pid -> lines(root.resolve(pid + "/status")).stream())
        .filter(line -> line.startsWith(key))
        .mapToLong(line -> Long.parseLong(line.substring(key.length()).strip().split(" ", -1)[0]))
        .sum();
  }

  private Optional<ProcStat> stat(int pid) {
    return lines(root.resolve(pid + "/stat")).stream().findFirst().map(ProcStat::parse);
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return ""; // closed since it was listed
    }
  }

  private static List<Path> children(Path folder) {
    try (Stream<Path> found = Files.list(folder)) {
      return found.toList();
    } catch (IOException | UncheckedIOException e) {
      return List.of();
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      return List.of();
    }
  }
}
