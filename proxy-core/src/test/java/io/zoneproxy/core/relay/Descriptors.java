package io.zoneproxy.core.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * What the process has open, and what the kernel holds for TCP; noted before a test and compared
 * after it.
 */
public final class Descriptors {
  private static final Path OPEN = Path.of("/proc/self/fd");
  private static final Path SOCKETS = Path.of("/proc/net/sockstat");

  /** Sockets in TIME_WAIT of the test's own servers, a jar opened meanwhile. */
  private static final int SLACK = 4;

  /** Other programs have sockets, too; what is looked for are hundreds of MiB. In pages. */
  private static final long TCP_SLACK = (64 << 20) / 4096;

  private final long open;
  private final long pipes;
  private final long tcpPages;

  private Descriptors(long open, long pipes, long tcpPages) {
    this.open = open;
    this.pipes = pipes;
    this.tcpPages = tcpPages;
  }

  /** Notes it; skips the test where there is no /proc. */
  public static Descriptors note() {
    assumeTrue(Files.isDirectory(OPEN), "skipped: needs /proc");
    return new Descriptors(count(""), pipes(), tcpPages());
  }

  /** Ends of pipes that are open now. */
  public static long pipes() {
    return count("pipe:");
  }

  private static long count(String kind) {
    try (Stream<Path> all = Files.list(OPEN)) {
      return all.filter(each -> target(each).startsWith(kind)).count();
    } catch (IOException e) {
      return 0;
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return "closed meanwhile";
    }
  }

  /** Pages that the sockets of the whole system hold; 0 where it is not told. */
  private static long tcpPages() {
    try {
      return Files.readAllLines(SOCKETS).stream()
          .filter(line -> line.startsWith("TCP:"))
          .map(line -> line.replaceAll(".* mem ", ""))
          .mapToLong(Long::parseLong)
          .findAny()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }

  /** Waits until everything is given back; idle pipes go within some seconds. */
  public void awaitBack() {
    await()
        .atMost(Duration.ofSeconds(60)) // TCP's pages are also those of tests beside this one
        .untilAsserted(
            () -> {
              assertThat(pipes()).as("ends of pipes").isLessThanOrEqualTo(pipes);
              assertThat(count("")).as("descriptors").isLessThanOrEqualTo(open + SLACK);
              assertThat(tcpPages()).as("pages of TCP").isLessThanOrEqualTo(tcpPages + TCP_SLACK);
            });
  }
}
