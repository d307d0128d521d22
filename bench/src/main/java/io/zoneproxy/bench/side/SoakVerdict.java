package io.zoneproxy.bench.side;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Compares the end of a soak with its beginning. */
final class SoakVerdict {
  /** Pools may keep a few more than the warm-up needed at once. */
  private static final long DESCRIPTORS = 16;

  /** The JVM starts and ends compiler threads as it needs them. */
  private static final long THREADS = 2;

  /** After a full collection; classes and strings that were used for the first time stay. */
  private static final long HEAP_BYTES = 4 << 20;

  /** Two chunks of Netty's pooled allocator. */
  private static final long DIRECT_BYTES = 8 << 20;

  private static final long TCP_BYTES = TcpMemory.ALLOWANCE_BYTES;

  /** The JVM keeps code and profiles of what it compiled meanwhile, malloc keeps fragments. */
  private static final long RESIDENT_BYTES = 24 << 20;

  private final List<String> faults = new ArrayList<>();

  private SoakVerdict() {}

  /**
   * What did not come back.
   *
   * @param log what zoneproxy wrote: a warning is a fault too
   * @return a line each; none when all is well
   */
  static List<String> faults(SoakState begin, SoakState end, String log) {
    SoakVerdict verdict = new SoakVerdict();
    verdict.compare(
        "descriptors", begin.descriptors().open(), end.descriptors().open(), DESCRIPTORS);
    verdict.compare(
        "descriptors of pipes",
        begin.descriptors().pipes(),
        end.descriptors().pipes(),
        DESCRIPTORS);
    verdict.compare("threads", begin.threads(), end.threads(), THREADS);
    verdict.compare("resident bytes", begin.residentBytes(), end.residentBytes(), RESIDENT_BYTES);
    verdict.compare("heap bytes", begin.heapBytes(), end.heapBytes(), HEAP_BYTES);
    verdict.compare("direct bytes", begin.directBytes(), end.directBytes(), DIRECT_BYTES);
    verdict.compare("TCP bytes", begin.tcpBytes(), end.tcpBytes(), TCP_BYTES);
    log.lines()
        .filter(line -> line.contains("WARN") || line.contains("ERROR"))
        .map(line -> "in the log: " + line)
        .forEach(verdict.faults::add);
    return List.copyOf(verdict.faults);
  }

  private void compare(String what, long begin, long end, long allowance) {
    if (end > begin + allowance) {
      faults.add(
          String.format(
              Locale.ROOT,
              "%s: %,d at the end (expected: at most %,d + %,d)",
              what,
              end,
              begin,
              allowance));
    }
  }
}
