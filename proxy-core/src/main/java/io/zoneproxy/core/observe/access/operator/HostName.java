package io.zoneproxy.core.observe.access.operator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The name of this machine, without asking DNS, which could take long. */
final class HostName {
  /** "" when it is not known. */
  static final String NAME = find();

  private HostName() {}

  private static String find() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException notLinux) {
      String fromShell = System.getenv("HOSTNAME");
      return fromShell == null ? "" : fromShell;
    }
  }
}
