package io.zoneproxy.ingress.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zoneproxy.ingress.launch.Peers.EchoServer;
import io.zoneproxy.ingress.launch.Peers.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The access logs that resource files ask for, of a whole process. */
@EnabledOnOs(OS.LINUX)
final class SeenProcessTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String NAME = "sni.msvc.default.east.backend.80";

  private final Path folder;
  private final Path lines;
  private final EchoServer echo = new EchoServer();
  private final World world;

  SeenProcessTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    lines = folder.resolve("lines.log");
    world = new World(folder, echo.port());
    Files.writeString(
        world.own,
        """
        type: Dataplane
        mesh: default
        name: zp-1
        networking:
          address: 127.0.0.1
          admin: {port: %d}
          listeners: [{type: ZoneIngress, address: 127.0.0.1, port: %d, name: zi-port}]
        """
            .formatted(world.admin, world.port));
    world.write(
        "service.yaml",
        """
        type: MeshService
        mesh: default
        name: backend
        spec:
          selector: {dataplaneTags: {kuma.io/service: backend}}
          ports: [{port: 80, targetPort: %d}]
        """
            .formatted(echo.port()));
  }

  @AfterEach
  void closeEcho() throws IOException {
    echo.close();
  }

  private void log(String format) throws IOException {
    world.write(
        "log.yaml",
        """
        type: MeshAccessLog
        mesh: default
        name: to-file
        spec:
          rules: [{default: {backends: [{type: File, file: {path: %s, format: {type: Plain, plain: '%s'}}}]}}]
        """
            .formatted(lines, format));
  }

  private RunningProgram run() throws IOException {
    return RunningProgram.start(
        folder, world.flags("--proxy-type=dataplane", "--drain-accept-idle=0s"));
  }

  private List<String> lines(int count) throws IOException {
    await()
        .atMost(PATIENCE)
        .ignoreExceptionsInstanceOf(IOException.class) // not written yet
        .until(() -> Files.readAllLines(lines).size() >= count);
    return Files.readAllLines(lines);
  }

  @Test
  void aConnectionWritesALineWhenItIsMadeAndOneAtItsEnd() throws Exception {
    log("%ACCESS_LOG_TYPE% %REQUESTED_SERVER_NAME%");
    try (var program = run()) {
      program.awaitReady();
      new Session(world.port, NAME).close();
      assertThat(lines(2))
          .containsExactly("TcpUpstreamConnected " + NAME, "TcpConnectionEnd " + NAME);
      assertThat(program.err()).doesNotContain("Exception");
    }
  }

  @Test
  void aFormatThatIsNotUnderstoodEndsTheStart() throws Exception {
    log("%NO_SUCH%");
    try (var program = run()) {
      assertThat(program.exitCode()).isEqualTo(1);
      assertThat(program.err())
          .contains("log.yaml:1", "spec.rules[0].default.backends[0]: format: ", "NO_SUCH");
      assertThat(lines).doesNotExist();
    }
  }
}
