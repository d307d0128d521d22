package io.zoneproxy.egress.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The file descriptors of this process. */
final class Descriptors {
  private static final Path OPEN = Path.of("/proc/self/fd");
  private static final Path LIMITS = Path.of("/proc/self/limits");

  private Descriptors() {}

  static int open() {
    try (Stream<Path> all = Files.list(OPEN)) {
      return (int) all.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How many there may be. */
  static int limit() {
    try (Stream<String> lines = Files.lines(LIMITS)) {
      String soft =
          lines.filter(line -> line.startsWith("Max open files")).findFirst().orElseThrow();
      String number = soft.split("\\s{2,}", -1)[1];
      return number.equals("unlimited") ? Integer.MAX_VALUE : Integer.parseInt(number);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until there are as many as before, or fewer. */
  static void awaitAtMost(int before) {
    await().untilAsserted(() -> assertThat(open()).isLessThanOrEqualTo(before));
  }
}
