package io.zoneproxy.ingress.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same as {@link StartFailureTest} for mistakes that only a running process finds. */
class StartFailureProcessTest {
  private final Path folder;
  private final World world;

  StartFailureProcessTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    this.world = new World(folder, 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"listener", "admin", "readiness"})
  void anAddressInUseIsNamed(String which) throws Exception {
    int taken =
        switch (which) {
          case "listener" -> world.port;
          case "admin" -> world.admin;
          default -> world.readiness;
        };
    try (ServerSocket other = new ServerSocket(taken, 1, InetAddress.getLoopbackAddress());
        var program = RunningProgram.start(folder, world.flags())) {
      assertThat(program.exitCode()).isEqualTo(1);
      assertThat(other.isBound()).isTrue();
      assertThat(program.err().lines())
          .singleElement()
          .asString()
          .startsWith("ingress: ")
          .contains(which, "127.0.0.1:" + taken, "in use");
      assertThat(program.out()).isEmpty();
    }
    assertThat(world.isUnbound()).isTrue();
  }

  @Test
  void aMistakeIsTheExitCodeOfTheProcess() throws Exception {
    try (var program = RunningProgram.start(folder, world.flags("--drain-time=soon"))) {
      assertThat(program.exitCode()).isEqualTo(1);
      assertThat(program.err().lines()).hasSize(1);
      assertThat(program.out()).isEmpty();
    }
  }

  @Test
  void aSnapshotThatDoesNotFitIntoTheHeapIsSaidInOneLine() throws Exception {
    Path file = folder.resolve("large.json");
    Files.writeString(file, "{\"resources\": {\"clusters\": [" + "1,".repeat(4_900_000) + "1]}}");
    try (var program = RunningProgram.start(folder, "validate", "--snapshot=" + file)) {
      assertThat(program.exitCode()).isEqualTo(1);
      assertThat(program.err().lines())
          .singleElement()
          .asString()
          .startsWith("ingress: --snapshot=" + file + ": 9,800,")
          .contains("more than the heap of ", "java -Xmx");
    }
  }
}
