package io.zoneproxy.core.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How the process's file descriptors are shared out: an eighth for pipes, a number kept back, the
 * rest for connections.
 *
 * @param descriptors how many the process may have open
 */
public record DescriptorBudget(long descriptors) {
  /** Files, admin connections, event loops and name queries: what is open beside connections. */
  private static final long RESERVED = 256;

  /** Bulk goes through a pipe only while it is on its way: few of many connections have one. */
  private static final long PIPES_SHARE = 8;

  /** A relayed connection has two sockets. */
  private static final long PER_CONNECTION = 2;

  private static final long PER_PIPE = 2;

  /** Where no limit can be read: the usual hard limit of a service on Linux. */
  private static final long UNKNOWN = 65_536;

  /** The soft limit; the JVM has raised it to the hard one at its start. */
  public static DescriptorBudget ofProcess() {
    try {
      return new DescriptorBudget(
          Files.readAllLines(Path.of("/proc/self/limits")).stream()
              .filter(line -> line.startsWith("Max open files"))
              .map(line -> line.split("\\s{2,}", -1)[1])
              .mapToLong(
                  soft -> soft.equals("unlimited") ? Integer.MAX_VALUE : Long.parseLong(soft))
              .findFirst()
              .orElse(UNKNOWN));
    } catch (IOException e) {
      return new DescriptorBudget(UNKNOWN); // not Linux
    }
  }

  /** The default of {@code --max-connections}: at least 1. */
  public int connections() {
    long free = (descriptors - descriptors / PIPES_SHARE - RESERVED) / PER_CONNECTION;
    return (int) Math.max(1, Math.min(free, Integer.MAX_VALUE));
  }

  /** How many pipes at most; 0 when there is no descriptor to spare. */
  public long pipes() {
    return descriptors / PIPES_SHARE / PER_PIPE;
  }
}
