package io.zoneproxy.ingress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How many connections the process's file descriptors allow. */
public final class DescriptorLimit {
  /** Files, admin connections, event loops and name queries: what is open beside connections. */
  private static final long RESERVED = 256;

  /** A relayed connection has two sockets. */
  private static final long PER_CONNECTION = 2;

  /** Where no limit can be read: the usual hard limit of a service on Linux. */
  private static final long UNKNOWN = 65_536;

  private DescriptorLimit() {}

  /** The default of {@code --max-connections}: at least 1. */
  public static int connections() {
    long free = (descriptors() - RESERVED) / PER_CONNECTION;
    return (int) Math.max(1, Math.min(free, Integer.MAX_VALUE));
  }

  /** The soft limit; the JVM has raised it to the hard one at its start. */
  private static long descriptors() {
    try {
      return Files.readAllLines(Path.of("/proc/self/limits")).stream()
          .filter(line -> line.startsWith("Max open files"))
          .map(line -> line.split("\\s{2,}", -1)[1])
          .mapToLong(soft -> soft.equals("unlimited") ? Integer.MAX_VALUE : Long.parseLong(soft))
          .findFirst()
          .orElse(UNKNOWN);
    } catch (IOException e) {
      return UNKNOWN; // not Linux
    }
  }
}
