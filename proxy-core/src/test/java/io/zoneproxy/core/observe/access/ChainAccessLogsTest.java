package io.zoneproxy.core.observe.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.util.NetUtil;
import io.zoneproxy.core.model.log.AccessLogSpec;
import io.zoneproxy.core.model.log.LogFilter;
import io.zoneproxy.core.model.log.LogFormat;
import io.zoneproxy.core.model.log.LogFormat.Json;
import io.zoneproxy.core.model.log.LogFormat.Text;
import io.zoneproxy.core.model.log.LogTarget;
import io.zoneproxy.core.model.policy.Predicate;
import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.core.observe.ServerStats;
import io.zoneproxy.core.observe.access.operator.LoggedConnection;
import io.zoneproxy.core.observe.request.LoggedHeaders;
import io.zoneproxy.core.observe.request.RequestEnd;
import io.zoneproxy.core.observe.request.RequestRecord;
import io.zoneproxy.core.observe.request.Timeline;
import io.zoneproxy.core.observe.request.UpstreamUse;
import io.zoneproxy.core.relay.FreePort;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@Timeout(60)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "paths and pipes are those of Unix")
class ChainAccessLogsTest {
  private final Path folder;
  private final ServerStats stats = new ServerStats();
  private final List<Collected> given = new ArrayList<>();
  private final LogCollectors collected = (to, record) -> given.add(record);
  private final ChainAccessLogs logs = new ChainAccessLogs(stats, collected);

  ChainAccessLogsTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @AfterEach
  void close() {
    logs.close();
  }

  @Test
  void writesOneRecordForEachLogAndSharesThePath() throws Exception {
    Path path = folder.resolve("access.log");
    AccessLogSpec text = file(path, "%CONNECTION_ID% %UPSTREAM_HOST%\n");
    AccessLogSpec json =
        log(new LogTarget.File(path.toString(), new Json(Map.of("id", id()), false)));
    logs.log(connection(1), List.of(text, json));
    logs.log(connection(2), List.of(text));
    logs.close();

    assertThat(Files.readAllLines(path))
        .containsExactly("1 [fd00::1]:2521", "{\"id\":1}", "2 [fd00::1]:2521");
    assertThat(logs.dropped()).containsExactly(Map.entry(path.toString(), 0L));
  }

  @Test
  void writesOnlyWhatTheFilterTakes() throws Exception {
    Path path = folder.resolve("access.log");
    LogFilter filter =
        new LogFilter.Expression(
            "connection.requested_server_name == \"other\"",
            new Predicate.Single(Predicate.Input.SERVER_NAME, StringMatch.exact("other")));
    AccessLogSpec filtered =
        new AccessLogSpec(
            new LogTarget.File(path.toString(), new Text("filtered\n")), Optional.of(filter));
    logs.log(connection(1), List.of(filtered, file(path, "all\n")));
    logs.close();

    assertThat(Files.readAllLines(path)).containsExactly("all");
  }

  @Test
  void waitsForAFolderThatIsNotThereAndLosesNothing() throws Exception {
    Path path = folder.resolve("later/access.log");
    try (LogEvents events = new LogEvents()) {
      logs.log(connection(1), List.of(file(path, "%CONNECTION_ID%\n")));
      await().until(() -> !events.messages().isEmpty());
      logs.log(connection(2), List.of(file(path, "%CONNECTION_ID%\n")));
      Files.createDirectory(path.getParent());
      await().until(() -> Files.exists(path) && Files.size(path) == 4);
      await().until(() -> events.messages().size() == 2);
      assertThat(events.messages().get(0))
          .startsWith("access log: " + path + " cannot be opened: ")
          .contains("NoSuchFile");
      assertThat(events.messages().get(1)).isEqualTo("access log: " + path + " can be written now");
    }

    assertThat(Files.readAllLines(path)).containsExactly("1", "2");
    assertThat(stats.accessLogDropped.sum()).isZero();
  }

  /** What waits of requests with long headers is bounded, whatever a client sends. */
  @Test
  void dropsAndCountsRequestsWhoseHeadersAreTooMuch() {
    AccessLogSpec log = file(folder.resolve("none/access.log"), "%REQ(A)%\n");
    LoggedConnection small = request(LargeRecords.SMALL_BYTES);
    LoggedConnection large = request(60 * 1024);
    int most = (int) (LargeRecords.MOST_BYTES / (60 * 1024));
    for (int i = 0; i < most + 7; i++) {
      logs.log(large, List.of(log));
      logs.log(small, List.of(log));
    }
    assertThat(stats.accessLogDropped.sum()).isEqualTo(7);
  }

  private static LoggedConnection request(int headerBytes) {
    LoggedHeaders headers =
        new LoggedHeaders() {
          @Override
          public String get(String name) {
            return "a";
          }

          @Override
          public int bytes() {
            return headerBytes;
          }
        };
    return LoggedConnection.request(
        new RequestRecord(
            new Timeline(),
            Duration.ZERO,
            "HTTP/1.1",
            headers,
            LoggedHeaders.NONE,
            LoggedHeaders.NONE,
            200,
            Records.relayed(1),
            null,
            List.of(),
            "",
            new UpstreamUse("", null, null, "", List.of()),
            0,
            0,
            RequestEnd.DONE,
            "",
            ""));
  }

  @Test
  void dropsAndCountsWhatIsTooMuchForAFileThatCannotBeWritten() throws Exception {
    Path path = folder.resolve("none/access.log");
    int capacity = 16;
    try (ChainAccessLogs small = new ChainAccessLogs(stats, collected, capacity)) {
      for (int id = 0; id < capacity + 5; id++) {
        small.log(connection(id), List.of(file(path, "%CONNECTION_ID%\n")));
      }
      assertThat(small.dropped()).containsEntry(path.toString(), 5L);
    }
    await().until(() -> stats.accessLogDropped.sum() == capacity + 5L);
  }

  @Test
  void goesOnInANewFileAfterRotation() throws Exception {
    Path path = folder.resolve("access.log");
    AccessLogSpec spec = file(path, "%CONNECTION_ID%\n");
    logs.log(connection(1), List.of(spec));
    await().until(() -> Files.exists(path) && Files.size(path) > 0);
    Path old = Files.move(path, folder.resolve("access.log.1"));
    await().until(() -> Files.exists(path));
    logs.log(connection(2), List.of(spec));
    logs.close();

    assertThat(Files.readAllLines(old)).containsExactly("1");
    assertThat(Files.readAllLines(path)).containsExactly("2");
  }

  @Test
  void writesToAPipeWhoseReaderComesLate() throws Exception {
    Path pipe = pipe("pipe");
    logs.log(connection(1), List.of(file(pipe, "%CONNECTION_ID%\n")));
    try (var reader = Files.newBufferedReader(pipe)) {
      assertThat(reader.readLine()).isEqualTo("1");
      logs.log(connection(2), List.of(file(pipe, "%CONNECTION_ID%\n")));
      assertThat(reader.readLine()).isEqualTo("2");
    }
  }

  @Test
  void aPipeThatNobodyReadsHoldsUpNobody() throws Exception {
    AccessLogSpec blocked = file(pipe("pipe"), "x".repeat(100_000) + "\n"); // more than it holds
    Path path = folder.resolve("access.log");
    int capacity = 16;
    ChainAccessLogs small = new ChainAccessLogs(stats, collected, capacity);
    for (int id = 0; id < 4 * capacity; id++) {
      small.log(connection(id), List.of(blocked));
    }
    small.log(connection(99), List.of(file(path, "%CONNECTION_ID%\n")));
    await().until(() -> Files.exists(path) && Files.size(path) == 3);

    assertThat(stats.accessLogDropped.sum()).isPositive();
    small.close(); // ends although a write blocks
    await().until(() -> stats.accessLogDropped.sum() == 4L * capacity);
  }

  @Test
  void sendsToTheCollectorInsteadOfItsPipe() throws Exception {
    try (Collector collector = new Collector(0)) {
      AccessLogSpec json = forwarded(collector.address(), new Json(Map.of("id", id()), true));
      AccessLogSpec text = forwarded(collector.address(), new Text("%CONNECTION_ID% as is;"));
      AccessLogSpec legacy =
          file(folder.resolve("kuma-al-a-.sock"), collector.address() + ";%CONNECTION_ID% old\n");
      logs.log(connection(1), List.of(json, text, legacy));
      String expected = "{\"id\":1}\n1 as is;1 old\n";
      await().until(() -> collector.received().equals(List.of(expected)));
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void connectsAgainWhenTheCollectorHungUp() throws Exception {
    try (Collector collector = new Collector(0)) {
      AccessLogSpec spec = forwarded(collector.address(), new Text("%CONNECTION_ID%\n"));
      logs.log(connection(1), List.of(spec));
      await().until(() -> collector.received().equals(List.of("1\n")));
      collector.hangUp();
      logs.log(connection(2), List.of(spec));
      await().until(() -> collector.received().equals(List.of("1\n", "2\n")));
    }
    assertThat(stats.accessLogDropped.sum()).isZero();
  }

  @Test
  void keepsRecordsForACollectorThatIsNotThereYet() throws Exception {
    Collector gone = new Collector(FreePort.onLoopback());
    gone.close();
    AccessLogSpec spec = forwarded(gone.address(), new Text("%CONNECTION_ID%\n"));
    try (LogEvents events = new LogEvents()) {
      logs.log(connection(1), List.of(spec));
      await().until(() -> !events.messages().isEmpty());
      assertThat(events.messages().get(0))
          .startsWith("access log: tcp://" + gone.address() + " cannot be opened: ");
    }
    logs.log(connection(2), List.of(spec));
    try (Collector collector = new Collector(gone.port())) {
      await().until(() -> collector.received().equals(List.of("1\n2\n")));
    }
    assertThat(stats.accessLogDropped.sum()).isZero();
  }

  @Test
  void givesToCollectorsWhatTheirConditionLetsPass() {
    LogTarget target =
        new LogTarget.OpenTelemetry(
            "meshaccesslog:opentelemetry:0", "log", Optional.empty(), Map.of(), Map.of());
    logs.log(connection(1), List.of(log(target)));
    logs.log(connection(2), List.of(log(target)));
    assertThat(given)
        .extracting(record -> record.connection().connection().id())
        .containsExactly(1L, 2L);
    given.forEach(record -> record.left().run());
    assertThat(stats.accessLogDropped.sum()).isZero();
  }

  @Test
  void servesOnlySoManyDestinations() throws Exception {
    List<AccessLogSpec> all = new ArrayList<>();
    for (int i = 0; i <= ChainAccessLogs.MAX_DESTINATIONS; i++) {
      all.add(file(folder.resolve("access-" + i), "%CONNECTION_ID%\n"));
    }
    AccessLogSpec last = all.get(ChainAccessLogs.MAX_DESTINATIONS);
    try (LogEvents events = new LogEvents()) {
      logs.log(connection(1), all);
      logs.log(connection(2), List.of(last));
      assertThat(events.messages()).singleElement().asString().contains("destinations already");
    }
    assertThat(stats.accessLogDropped.sum()).isEqualTo(2);

    logs.apply(List.of(last));
    logs.log(connection(3), List.of(last));
    logs.close();
    assertThat(Files.readAllLines(folder.resolve("access-32"))).containsExactly("3");
  }

  @Test
  void closesWhatIsNotNamedAnyMoreAndOpensItAgainForAnOldConnection() throws Exception {
    Path path = folder.resolve("access.log");
    AccessLogSpec spec = file(path, "%CONNECTION_ID%\n");
    logs.apply(List.of(spec));
    logs.log(connection(1), List.of(spec));
    logs.apply(List.of());
    assertThat(logs.dropped()).isEmpty();
    await().until(() -> Files.exists(path) && Files.size(path) == 2);
    logs.log(connection(2), List.of(spec));
    logs.close();

    assertThat(Files.readAllLines(path)).containsExactly("1", "2");
    assertThat(stats.accessLogDropped.sum()).isZero();
  }

  @Test
  void whatComesAfterCloseIsDroppedAndCounted() {
    Path path = folder.resolve("access.log");
    logs.log(connection(1), List.of(file(path, "x\n")));
    logs.close();
    logs.log(connection(2), List.of(file(path, "x\n")));
    logs.log(connection(3), List.of(file(folder.resolve("other"), "x\n")));

    assertThat(path).hasContent("x");
    assertThat(stats.accessLogDropped.sum()).isEqualTo(2);
  }

  @Test
  void aLogThatIsNotUnderstoodIsSaidAndCounted() {
    try (LogEvents events = new LogEvents()) {
      logs.log(connection(1), List.of(file(folder.resolve("access.log"), "%NO_SUCH%")));
      assertThat(events.messages()).singleElement().asString().contains("%NO_SUCH%");
    }
    assertThat(stats.accessLogDropped.sum()).isEqualTo(1);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void standardOutputAndErrorAreTheProcesss() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath(
                    ChainAccessLogsTest.class,
                    ChainAccessLogs.class,
                    NetUtil.class,
                    LoggerFactory.class,
                    MpscAtomicArrayQueue.class),
                Printing.class.getName())
            .start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(out).contains("to out 7\n").doesNotContain("to err");
    assertThat(err).contains("to err 7\n").doesNotContain("to out");
  }

  /** Where these classes are; the system's own property may name no more than a launcher. */
  private static String classPath(Class<?>... classes) {
    return Arrays.stream(classes)
        .map(one -> one.getProtectionDomain().getCodeSource().getLocation().getPath())
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** A process that writes to both. */
  static final class Printing {
    private Printing() {}

    public static void main(String[] args) {
      try (ChainAccessLogs logs = new ChainAccessLogs(new ServerStats(), (to, record) -> {})) {
        logs.log(
            connection(7),
            List.of(
                file(Path.of("/dev/stdout"), "to out %CONNECTION_ID%\n"),
                file(Path.of("/dev/stderr"), "to err %CONNECTION_ID%\n")));
      }
    }
  }

  private Path pipe(String name) throws Exception {
    Path pipe = folder.resolve(name);
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    return pipe;
  }

  private static Text id() {
    return new Text("%CONNECTION_ID%");
  }

  private static LoggedConnection connection(long id) {
    return LoggedConnection.ended(Records.relayed(id));
  }

  private AccessLogSpec forwarded(String address, LogFormat message) {
    return log(
        new LogTarget.File(
            folder.resolve("kuma-al-zp-1-default.sock").toString(),
            new Json(Map.of("address", new Text(address), "message", message), false)));
  }

  private static AccessLogSpec file(Path path, String format) {
    return log(new LogTarget.File(path.toString(), new Text(format)));
  }

  private static AccessLogSpec log(LogTarget target) {
    return new AccessLogSpec(target, Optional.empty());
  }
}
