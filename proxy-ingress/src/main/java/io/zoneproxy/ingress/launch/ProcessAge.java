package io.zoneproxy.ingress.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * How long this process has been there. {@link ProcessHandle} would say when it began, but adds
 * whole seconds of the boot time to it: wrong by up to one, which is more than a start takes.
 */
final class ProcessAge {
  /** USER_HZ, in which Linux gives times to programs: 100 on every platform that a JVM runs on. */
  private static final long TICKS_PER_SECOND = 100;

  private static final long MILLIS_PER_SECOND = 1000;

  /** Of proc(5)'s stat: starttime is its 22nd field, the 20th behind the name's parenthesis. */
  private static final int START_TIME = 19;

  private ProcessAge() {}

  /** For the log: ready, and after which time where that is known. */
  static String ready() {
    OptionalLong age = millis();
    return age.isPresent() ? "ready after " + age.getAsLong() + " ms" : "ready";
  }

  /** In milliseconds, exact to one or two hundredths of a second; empty where it is not known. */
  static OptionalLong millis() {
    try {
      return millis(
          Files.readString(Path.of("/proc/self/stat")), Files.readString(Path.of("/proc/uptime")));
    } catch (IOException e) {
      return OptionalLong.empty(); // not Linux
    }
  }

  /**
   * From the two files' texts.
   *
   * @param stat the name in it may hold blanks and parentheses
   * @param uptime seconds since boot with two decimals, then something else
   */
  static OptionalLong millis(String stat, String uptime) {
    try {
      String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
      long start = Long.parseLong(fields[START_TIME]) * MILLIS_PER_SECOND / TICKS_PER_SECOND;
      double up = Double.parseDouble(uptime.split(" ", -1)[0]) * MILLIS_PER_SECOND;
      long age = Math.round(up) - start;
      return age < 0 ? OptionalLong.empty() : OptionalLong.of(age);
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      return OptionalLong.empty(); // a kernel, or a sandbox, that writes something else
    }
  }
}
