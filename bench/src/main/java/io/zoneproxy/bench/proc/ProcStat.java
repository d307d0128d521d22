package io.zoneproxy.bench.proc;

import java.util.List;

/**
 * What one line of {@code /proc/PID/stat} says of a process.
 *
 * @param pid of the process
 * @param cpuTicks spent in user mode and in the kernel by all its threads, also those that are gone
 */
public record ProcStat(int pid, long cpuTicks) {
  // proc(5): field 14 is user time, 15 kernel time; the state behind the name is 3
  private static final int USER_TIME = 14 - 3;
  private static final int KERNEL_TIME = 15 - 3;

  /**
   * Parses the line.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static ProcStat parse(String line) {
    int nameStart = line.indexOf('(');
    int nameEnd = line.lastIndexOf(')'); // a name may hold brackets and blanks
    if (nameStart < 1 || nameEnd < nameStart) {
      throw new IllegalArgumentException(line + " (expected: PID (NAME) STATE …)");
    }
    List<String> fields = List.of(line.substring(nameEnd + 1).strip().split(" ", -1));
    return new ProcStat(
        Integer.parseInt(line.substring(0, nameStart).strip()),
        Long.parseLong(fields.get(USER_TIME)) + Long.parseLong(fields.get(KERNEL_TIME)));
  }
}
