package io.zoneproxy.bench.proc;

import java.util.List;

/**
 * TCP's line of {@code /proc/net/sockstat}.
 *
 * @param inUse sockets of this network namespace
 * @param orphans without a process, all namespaces
 * @param timeWait in TIME_WAIT
 * @param memoryPages held in buffers, all namespaces; what {@code tcp_mem} limits
 */
public record SockStat(long inUse, long orphans, long timeWait, long memoryPages) {
  private static final int PAGE_BYTES = 4096;

  /** Parses the file; zeros when it has no line for TCP. */
  public static SockStat parse(List<String> lines) {
    List<String> words =
        lines.stream()
            .filter(line -> line.startsWith("TCP:"))
            .findFirst()
            .map(line -> List.of(line.split(" ", -1)))
            .orElse(List.of());
    return new SockStat(
        after("inuse", words), after("orphan", words), after("tw", words), after("mem", words));
  }

  /** The memory in bytes. */
  public long memoryBytes() {
    return memoryPages * PAGE_BYTES;
  }

  private static long after(String key, List<String> words) {
    int at = words.indexOf(key);
    return at < 0 ? 0 : Long.parseLong(words.get(at + 1));
  }
}
