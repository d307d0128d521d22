package io.zoneproxy.bench.side;

import io.zoneproxy.bench.proc.Descriptors;
import io.zoneproxy.bench.proc.Proc;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What zoneproxy holds at one moment.
 *
 * @param descriptors open ones
 * @param threads of the process
 * @param residentBytes of memory
 * @param heapBytes in use after a full collection
 * @param directBytes outside the heap, by Netty and the JDK
 * @param tcpBytes in the machine's TCP buffers
 */
record SoakState(
    Descriptors descriptors,
    long threads,
    long residentBytes,
    long heapBytes,
    long directBytes,
    long tcpBytes) {
  private static final Pattern HEAP =
      Pattern.compile("(?:generation|garbage-first heap)\\s+total \\d+K, used (\\d+)K");

  /** Where the JVM counts what is allocated by Unsafe, and so every direct buffer. */
  private static final Pattern DIRECT =
      Pattern.compile("-\\s+Other \\(reserved=\\d+KB, committed=(\\d+)KB\\)");

  private static final long KB = 1024;

  /** Asks the process, which has to run with {@code -XX:NativeMemoryTracking=summary}. */
  static SoakState of(int pid) throws IOException {
    jcmd(pid, "GC.run");
    List<Integer> pids = List.of(pid);
    return new SoakState(
        Proc.HERE.descriptors(pid),
        Proc.HERE.threads(pids),
        Proc.HERE.residentBytes(pids),
        sum(HEAP, jcmd(pid, "GC.heap_info")),
        sum(DIRECT, jcmd(pid, "VM.native_memory", "summary")),
        TcpMemory.bytes());
  }

  private static String jcmd(int pid, String... command) throws IOException {
    ArrayList<String> all = new ArrayList<>(List.of("jcmd", String.valueOf(pid)));
    all.addAll(List.of(command));
    return Commands.run(all);
  }

  static long heapBytes(String heapInfo) throws IOException {
    return sum(HEAP, heapInfo);
  }

  static long directBytes(String nativeMemory) throws IOException {
    return sum(DIRECT, nativeMemory);
  }

  private static long sum(Pattern pattern, String text) throws IOException {
    Matcher matcher = pattern.matcher(text);
    long sum = 0;
    boolean found = false;
    while (matcher.find()) {
      sum += Long.parseLong(matcher.group(1)) * KB;
      found = true;
    }
    if (!found) {
      throw new IOException("jcmd: no line with " + pattern + " in: " + text);
    }
    return sum;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%d descriptors (%d of pipes), %d threads, MB: %.1f resident, %.1f heap, %.1f direct,"
            + " %.1f TCP",
        descriptors.open(),
        descriptors.pipes(),
        threads,
        residentBytes / 1e6,
        heapBytes / 1e6,
        directBytes / 1e6,
        tcpBytes / 1e6);
  }
}
