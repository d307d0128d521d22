package io.zoneproxy.bench.side;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import io.zoneproxy.bench.load.Measured;
import io.zoneproxy.bench.load.Work;
import io.zoneproxy.core.relay.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, on loopback, without root. */
class ProcessesTest {
  /** So short that nothing is measured, so long that something is done. */
  private static final Pace SHORT = new Pace(200, 0, 100, 1);

  /** In which a busy machine does something, too. */
  private static final Pace ONE_SECOND = new Pace(1_000, 0, 100, 1);

  private final Path folder;

  ProcessesTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @BeforeAll
  static void onLinux() {
    assumeTrue(Epoll.isAvailable(), "no epoll here: the harness runs on Linux only");
    assumeTrue(Cpus.available() >= Cpus.LEAST, "one CPU: nothing can be pinned apart");
    assumeTrue(Programs.find("taskset").isPresent(), "no taskset here");
  }

  @Test
  void aPeerIsThereFromStartToClose() throws IOException {
    PeerProcess peer = PeerProcess.start(new FakePeer(false), place());
    List<Integer> pids = peer.pids();

    assertThat(pids).isNotEmpty().allMatch(ProcessesTest::isAlive);
    assertThat(peer.port()).isEqualTo(peer.place().port());

    peer.close();
    assertThat(pids).noneMatch(ProcessesTest::isAlive);
  }

  @Test
  void aPeerThatDoesNotStartIsToldWithItsLog() {
    assertThatThrownBy(() -> PeerProcess.start(new FakePeer(true), place()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("fake does not accept connections: no such directive");
  }

  @Test
  void aPeersFolderBeginsEmpty() throws IOException {
    Path old = Files.createDirectories(folder.resolve("peer/resources")).resolve("old.yaml");
    Files.writeString(old, "old");

    PeerProcess.start(new FakePeer(false), place()).close();

    assertThat(old).doesNotExist();
  }

  @Test
  void theGeneratorMeasuresAndEndsWithItsInput() throws IOException {
    int port = FreePort.onLoopback();
    try (Generator generator = Generator.start("a.example", port)) {
      generator.begin(port, List.of(Work.connect(2), Work.ping(2, 100)));
      Measured measured =
          await() // a busy machine does nothing for a while
              .until(
                  () -> generator.measure(0, SHORT.millis(), List.of()),
                  each -> each.figures().stream().allMatch(figure -> figure.units() > 0));

      assertThat(generator.end()).isEmpty();
      assertThat(measured.figures()).hasSize(2);
      assertThat(measured.ownCpuSeconds()).isNotNegative();
    }
  }

  @Test
  void theGeneratorTellsOfAnUnknownTarget() throws IOException {
    int port = FreePort.onLoopback();
    int nobody = FreePort.onLoopback();
    try (Generator generator = Generator.start("a.example", port)) {
      generator.begin(nobody, List.of(Work.connect(1)));
      generator.measure(0, SHORT.millis(), List.of());

      assertThat(generator.end()).contains("refused");
    }
  }

  @Test
  void aSampleHasWhatTheReportAsksFor() throws IOException {
    int port = FreePort.onLoopback();
    try (Generator generator = Generator.start(Zoneproxy.serverName(), port);
        Fleet fleet = new Fleet(folder, port)) {
      Bench bench = new Bench(fleet, generator, ONE_SECOND);
      Sample sample = bench.measure(1, Samples.CONNECT, new Direct());

      assertThat(sample.fault()).isEmpty();
      assertThat(sample.values())
          .containsKeys(
              Metric.PER_SECOND, Metric.P50_MICROS, Metric.P99_MICROS, Metric.GENERATOR_COST)
          .doesNotContainKey(Metric.COST);
    }
  }

  @Test
  void aPeerThatDoesNotStartIsAFaultInTheSample() throws IOException {
    int port = FreePort.onLoopback();
    try (Generator generator = Generator.start(Zoneproxy.serverName(), port);
        Fleet fleet = new Fleet(folder, port)) {
      Bench bench = new Bench(fleet, generator, SHORT);

      assertThat(bench.measure(1, Samples.CONNECT, new FakePeer(true)).fault())
          .contains("no such directive");
      assertThat(bench.measure(1, Samples.CONNECT, new Direct()).fault()).isEmpty();
    }
  }

  @Test
  void aCommandThatFailsIsToldWithWhatItPrinted() {
    assertThatThrownBy(() -> Commands.run(List.of("sh", "-c", "echo why; exit 4")))
        .hasMessageContaining("exited with 4: why");
    assertThat(Commands.firstLine(List.of("sh", "-c", "exit 4"))).isEqualTo("unknown");
    assertThat(Commands.firstLine(List.of("printf", "one\ntwo"))).isEqualTo("one");
  }

  private Place place() {
    int port = FreePort.inARow(2);
    return new Place(folder.resolve("peer"), port, port + 1, 9, "a.example", 1);
  }

  private static boolean isAlive(int pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }
}
