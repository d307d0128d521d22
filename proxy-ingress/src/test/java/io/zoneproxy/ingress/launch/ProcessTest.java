package io.zoneproxy.ingress.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.zoneproxy.ingress.launch.Peers.EchoServer;
import io.zoneproxy.ingress.launch.Peers.Session;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A process from its start to its exit code, with real signals. */
@EnabledOnOs(OS.LINUX)
class ProcessTest {
  private static final int READY = 200;
  private static final int NOT_READY = 503;

  /** Of signal 2 in a mask of signals. */
  private static final long INTERRUPT = 0b10;

  /** A pipe holds 64 KiB, a record has more than 200 bytes. */
  private static final int RECORDS_BEYOND_A_PIPE = 500;

  private final Path folder;
  private final EchoServer echo = new EchoServer();
  private final World world;

  ProcessTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    world = new World(folder, echo.port());
  }

  @AfterEach
  void closeEcho() throws IOException {
    echo.close();
  }

  @Test
  void isReadyOnBothPortsAndEndsWithZeroAfterASignal() throws Exception {
    try (var program = RunningProgram.start(folder, world.flags("--drain-accept-idle=0s"))) {
      program.awaitReady();
      assertThat(Peers.get(world.readiness, "/ready").status()).isEqualTo(READY);
      assertThat(Peers.get(world.admin, "/ready").status()).isEqualTo(READY);
      program.signal("TERM");
      assertThat(program.exitCode()).isZero();
      assertThat(program.out()).isEmpty();
      assertThat(program.err())
          .contains("ZoneIngress/ingress-1 of zone east is ready after ")
          .contains(
              "on 127.0.0.1:%d, admin 127.0.0.1:%d, readiness 127.0.0.1:%d, relay "
                  .formatted(world.port, world.admin, world.readiness))
          .contains(": 2 server names to 1 clusters")
          .contains("draining: 0 connections", "drained: 0 connections were cut")
          .doesNotContain("Exception");
      assertThat(world.isUnbound()).isTrue();
    }
  }

  @Test
  void theWordRunMayBeWrittenAndAnInterruptDrainsToo() throws Exception {
    assumeTrue(hearsInterrupts(), "a shell that runs this behind itself has interrupts ignored");
    String[] flags = world.flags("--drain-accept-idle=0s");
    String[] withRun = new String[flags.length + 1];
    withRun[0] = "run";
    System.arraycopy(flags, 0, withRun, 1, flags.length);
    try (var program = RunningProgram.start(folder, withRun)) {
      program.awaitReady();
      program.signal("INT");
      assertThat(program.exitCode()).isZero();
    }
  }

  /** What a process ignores, its children ignore too: a JVM leaves it at that. */
  private static boolean hearsInterrupts() throws IOException {
    String ignored =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .findFirst()
            .orElseThrow()
            .substring("SigIgn:".length())
            .strip();
    return (Long.parseUnsignedLong(ignored, 16) & INTERRUPT) == 0;
  }

  @Test
  void whileDrainingItIsNotReadyButAcceptsUntilTheSecondSignal() throws Exception {
    try (var program =
            RunningProgram.start(
                folder, world.flags("--drain-time=10m", "--drain-accept-idle=5m"));
        Session before = session(program.awaitReady())) {
      program.signal("TERM");
      await().until(() -> Peers.get(world.readiness, "/ready").status() == NOT_READY);
      assertThat(Peers.get(world.readiness, "/ready").body()).isEqualTo("TERMINATING");
      assertThat(Peers.get(world.admin, "/ready").status()).isEqualTo(NOT_READY);
      try (Session during = new Session(world.port, World.BACKEND)) {
        during.exchange("new");
        before.exchange("old");
        program.signal("TERM");
        assertThat(program.exitCode()).isZero();
        assertThat(program.err()).contains("draining ends now: 2 connections are cut");
      }
    }
  }

  @Test
  void afterTheIdleTimeListenersCloseAndALiveConnectionFinishes() throws Exception {
    try (var program =
        RunningProgram.start(folder, world.flags("--drain-time=10m", "--drain-accept-idle=0s"))) {
      try (Session live = session(program.awaitReady())) {
        program.signal("TERM");
        await().until(this::refuses);
        live.exchange("still here");
        assertThat(program.isAlive()).isTrue();
      }
      assertThat(program.exitCode()).isZero();
      assertThat(program.err()).contains("drained: 0 connections were cut");
    }
  }

  @Test
  void theThirdSignalEndsTheProcessWithOne() throws Exception {
    // An access log that nobody reads holds up the orderly end, so that there is time for a third.
    try (var program =
            RunningProgram.startUnread(
                folder, world.flags("--drain-time=10m", "--drain-accept-idle=5m"));
        Session live = session(program.awaitReady())) {
      for (int i = 0; i < RECORDS_BEYOND_A_PIPE; i++) {
        Peers.sendNoTls(world.port);
      }
      live.exchange("open");
      program.signal("TERM");
      program.awaitErr("draining: 1 connections are open");
      program.signal("TERM");
      program.awaitErr("draining ends now");
      program.signal("TERM");
      assertThat(program.exitCode()).isEqualTo(1);
    }
  }

  @Test
  void killedAtOnceItLeavesNothingInTheWayOfARestart() throws Exception {
    try (var first = RunningProgram.start(folder, world.flags());
        Session live = session(first.awaitReady())) {
      live.exchange("open");
      first.signal("KILL");
      first.exitCode();
      try (var second = RunningProgram.start(folder, world.flags())) {
        second.awaitReady();
        try (Session again = new Session(world.port, World.BACKEND)) {
          again.exchange("again");
        }
      }
    }
  }

  @Test
  void afterUsr2ListenersAreClosedAndTheNextSignalEndsAtOnce() throws Exception {
    try (var program =
            RunningProgram.start(
                folder, world.flags("--drain-time=10m", "--drain-accept-idle=5m"));
        Session live = session(program.awaitReady())) {
      program.signal("USR2");
      program.awaitErr("listeners are closed: 1 connections"); // before another one is tried
      await().until(this::refuses);
      live.exchange("still here");
      program.signal("TERM");
      assertThat(program.exitCode()).isZero();
      assertThat(program.err())
          .contains("listeners are closed: 1 connections", "ending at once, as SIGUSR2 came before")
          .doesNotContain("draining: ");
    }
  }

  @Test
  void quitquitquitEndsItWithZero() throws Exception {
    try (var program = RunningProgram.start(folder, world.flags())) {
      program.awaitReady();
      assertThat(Peers.post(world.admin, "/quitquitquit").status()).isEqualTo(READY);
      assertThat(program.exitCode()).isZero();
    }
  }

  @Test
  void twoOwnResourcesRunInOneProcess() throws Exception {
    int second = Peers.freePort();
    Path dataplane =
        Files.writeString(
            folder.resolve("dataplane.yaml"),
            """
            type: Dataplane
            mesh: default
            name: zone-proxy-1
            networking:
              address: 127.0.0.1
              listeners:
              - {type: ZoneIngress, address: 127.0.0.1, port: %d}
            """
                .formatted(second));
    world.write(
        "service.yaml",
        """
        type: MeshService
        mesh: default
        name: api
        labels: {kuma.io/zone: east}
        spec:
          selector: {dataplaneTags: {kuma.io/service: backend}}
          ports: [{port: 80, targetPort: %d, appProtocol: tcp}]
        """
            .formatted(echo.port()));
    try (var program = RunningProgram.start(folder, world.flags("--dataplane-file=" + dataplane))) {
      program.awaitReady();
      assertThat(program.err())
          .contains("ZoneIngress/ingress-1", "zone-proxy-1")
          .contains("127.0.0.1:" + world.port, "127.0.0.1:" + second);
      assertThat(Peers.get(world.admin, "/ready").status()).isEqualTo(READY);
      new Session(world.port, World.BACKEND).close();
    }
  }

  @Test
  void variablesWinAndAPodIsReadyFromOutside() throws Exception {
    Path other = Files.writeString(folder.resolve("other.yaml"), world.ingress("from-variable"));
    int readiness = Peers.freePort();
    Map<String, String> environment =
        Map.of(
            "KUMA_DATAPLANE_RUNTIME_RESOURCE_PATH", other.toString(),
            "KUMA_READINESS_PORT", String.valueOf(readiness),
            "KUMA_DATAPLANE_PROXY_TYPE", "ingress",
            "KUMA_DATAPLANE_DRAIN_TIME", "1m",
            "KUMA_CONTROL_PLANE_URL", "",
            "POD_NAME", "ingress-0");
    try (var program =
        RunningProgram.start(folder, environment, "", world.flags("--proxy-type=dataplane"))) {
      program.awaitReady();
      assertThat(program.err()).contains("ZoneIngress/from-variable");
      // All of 127/8 is this machine's, but a socket on 127.0.0.1 answers nowhere else.
      InetAddress elsewhere = InetAddress.getByName("127.0.0.2");
      assertThat(Peers.get(elsewhere, readiness, "/ready").status()).isEqualTo(READY);
      assertThatThrownBy(() -> Peers.get(elsewhere, world.admin, "/ready"))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void withoutAPodReadinessIsForLoopbackOnly() throws Exception {
    try (var program = RunningProgram.start(folder, world.flags())) {
      program.awaitReady();
      InetAddress elsewhere = InetAddress.getByName("127.0.0.2");
      assertThatThrownBy(() -> Peers.get(elsewhere, world.readiness, "/ready"))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void theOwnResourceComesFromStandardInputWithItsVariables() throws Exception {
    String template =
        """
        type: ZoneIngress
        name: {{ name }}
        networking: {address: {{ net.address }}, port: {{ net.port }}}
        """;
    String[] flags = {
      "--proxy-type=ingress",
      "-d",
      "-",
      "-v",
      "name=piped",
      "-v",
      "net.address=127.0.0.1,net.port=" + world.port,
      "--resources=" + world.resources,
      "--zone=east",
      "--readiness-port=" + world.readiness
    };
    try (var program = RunningProgram.start(folder, Map.of(), template, flags)) {
      program.awaitReady();
      assertThat(program.err()).contains("ZoneIngress/piped", "127.0.0.1:" + world.port);
    }
  }

  @Test
  void warnsOfFlagsWithoutUseAndOfATokenThatPsShows() throws Exception {
    String[] flags = world.flags("--ca-cert-file=ca.pem", "--dataplane-token=secret");
    try (var program = RunningProgram.start(folder, flags)) {
      program.awaitReady();
      assertThat(program.err())
          .contains("WARN --ca-cert-file is not used with --resources")
          .contains("WARN --dataplane-token is not used with --resources")
          .contains("WARN --dataplane-token stands in the process list, where `ps` shows it")
          .doesNotContain("secret", "--dataplane-token-file is not used");
    }
  }

  @Test
  void trainEndsWithZeroAndLeavesNothing() throws Exception {
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    Map<String, String> environment =
        Map.of(
            "TMPDIR", temporary.toString(),
            // Those of the run that the archive is made for: none of its business.
            "KUMA_READINESS_PORT", String.valueOf(world.readiness),
            "KUMA_DATAPLANE_PROXY_TYPE", "egress",
            "KUMA_DATAPLANE_DRAIN_TIME", "",
            "KUMA_CONTROL_PLANE_URL", "https://localhost:5678");
    try (var program = RunningProgram.start(folder, environment, "", "train")) {
      assertThat(program.exitCode()).as(program.err()).isZero();
      assertThat(program.out()).isEmpty();
      assertThat(program.err()).isEmpty();
      assertThat(temporary).isEmptyDirectory();
    }
  }

  @Test
  void aTrainingThatASignalEndsLeavesNothing() throws Exception {
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    Map<String, String> environment = Map.of("TMPDIR", temporary.toString());
    try (var program = RunningProgram.start(folder, environment, "", "train")) {
      await().atMost(Duration.ofSeconds(60)).until(() -> trains(temporary));
      program.signal("TERM");
      program.exitCode();
      assertThat(temporary).isDirectoryNotContaining("glob:**/zoneproxy-train*");
    }
  }

  /** Whether its first run has begun. */
  private static boolean trains(Path temporary) throws IOException {
    try (var folders = Files.newDirectoryStream(temporary, "zoneproxy-train*")) {
      for (Path each : folders) {
        if (Files.exists(each.resolve("program.log"))) {
          return true;
        }
      }
    }
    return false;
  }

  /** Leaves nothing open that a drain would wait for. */
  private boolean refuses() {
    try (Session session = new Session(world.port, World.BACKEND)) {
      session.exchange("too early");
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private Session session(RunningProgram ready) throws IOException {
    assertThat(ready.isAlive()).isTrue();
    Session session = new Session(world.port, World.BACKEND);
    session.exchange("hello");
    return session;
  }

  @Test
  void isReadySoonAfterItsStart() throws Exception {
    try (var program = RunningProgram.start(folder, world.flags())) {
      program.awaitReady();
      String words = program.err().replaceAll("(?s).* is ready after (\\d+) ms.*", "$1");
      assertThat(Duration.ofMillis(Long.parseLong(words)))
          .isBetween(Duration.ofMillis(50), Duration.ofSeconds(60));
    }
  }
}
