package io.zoneproxy.ingress.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.text.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Where a process writes its access log, and how. */
@EnabledOnOs(OS.LINUX)
class AccessLogFlagsTest {

  private final Path folder;
  private final World world;

  AccessLogFlagsTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    world = new World(folder, 1);
  }

  @Test
  void recordsGoToStandardOutputAsJsonAndTheProgramsLogToStandardError() throws Exception {
    RunningProgram ended = oneRefusedConnection();
    assertThat(ended.out().lines()).hasSize(1);
    assertThat(JsonReader.object(ended.out().strip())).containsEntry("reason", "NOT_TLS");
    assertThat(ended.err()).contains(" INFO ").doesNotContain("NOT_TLS");
  }

  @Test
  void recordsGoToStandardErrorAsText() throws Exception {
    RunningProgram ended = oneRefusedConnection("--access-log=stderr", "--access-log-format=text");
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err()).contains("reason=NOT_TLS", " is ready ");
  }

  @Test
  void noRecordsWhenOff() throws Exception {
    RunningProgram ended = oneRefusedConnection("--access-log=off");
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err()).doesNotContain("NOT_TLS");
  }

  @Test
  void recordsAndLogGoToFiles() throws Exception {
    Path records = folder.resolve("access.log");
    Path log = folder.resolve("program.log");
    Files.writeString(records, "an earlier run\n");
    RunningProgram ended =
        oneRefusedConnection("--access-log=" + records, "--log-output-path=" + log);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err()).isEmpty();
    List<String> lines = Files.readAllLines(records);
    assertThat(lines).hasSize(2).first().isEqualTo("an earlier run");
    assertThat(JsonReader.object(lines.get(1))).containsEntry("reason", "NOT_TLS");
    assertThat(log).content().contains(" is ready ", "drained: ");
  }

  @Test
  void theProgramIsSilentWhenItsLogIsOff() throws Exception {
    RunningProgram ended = oneRefusedConnection("--log-level=off");
    assertThat(ended.err()).isEmpty();
    assertThat(ended.out().lines()).hasSize(1);
  }

  /** A whole run with one record in it. */
  private RunningProgram oneRefusedConnection(String... more) throws Exception {
    try (var program = RunningProgram.start(folder, withDrainAtOnce(more))) {
      Peers.awaitReady(world.readiness);
      Peers.sendNoTls(world.port);
      program.signal("TERM");
      assertThat(program.exitCode()).isZero();
      return program;
    }
  }

  private String[] withDrainAtOnce(String... more) {
    List<String> flags = new ArrayList<>(List.of(world.flags(more)));
    flags.add("--drain-accept-idle=0s");
    return flags.toArray(new String[0]);
  }
}
