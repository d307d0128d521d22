package io.zoneproxy.core.observe.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zoneproxy.core.observe.ServerStats;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "modes of files are those of Unix")
class AccessLogFileTest {
  private final Path folder;
  private final ServerStats stats = new ServerStats();

  AccessLogFileTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void appendsToAFileAndKeepsItsMode() throws Exception {
    Path file = Files.writeString(folder.resolve("access.log"), "earlier\n");
    Set<PosixFilePermission> mode = PosixFilePermissions.fromString("rw-rw-rw-");
    Files.setPosixFilePermissions(file, mode);
    AccessLog log = AccessLog.toFile(file, AccessLogFormat.TEXT, stats);
    log.onClosed(Records.relayed(1));
    log.close();

    assertThat(Files.readAllLines(file)).hasSize(2).first().isEqualTo("earlier");
    assertThat(Files.getPosixFilePermissions(file)).isEqualTo(mode);
  }

  @Test
  void aNewFileIsNotForEverybodysEyes() throws Exception {
    Path file = folder.resolve("access.log");
    AccessLog.toFile(file, AccessLogFormat.TEXT, stats).close();

    assertThat(PosixFilePermissions.fromString("rw-r-----"))
        .containsAll(Files.getPosixFilePermissions(file));
  }

  @Test
  void aFileThatCannotBeOpenedIsNamed() {
    Path file = folder.resolve("no/such/access.log");

    assertThatThrownBy(() -> AccessLog.toFile(file, AccessLogFormat.TEXT, stats))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("access log " + file + ": cannot be written: ");
  }

  @Test
  void goesOnInANewFileAfterTheOldOneWasMovedAway() throws Exception {
    Path file = folder.resolve("access.log");
    Path old = folder.resolve("access.log.1");
    AccessLog log = AccessLog.toFile(file, AccessLogFormat.TEXT, stats);
    log.onClosed(Records.relayed(1));
    await().until(() -> Files.size(file) > 0);
    Files.move(file, old);
    await().until(() -> Files.exists(file));
    log.onClosed(Records.relayed(2));
    log.close();

    assertThat(Files.readAllLines(old)).hasSize(1).first().asString().contains("conn=1 ");
    assertThat(Files.readAllLines(file)).hasSize(1).first().asString().contains("conn=2 ");
  }

  @Test
  void looksForTheFileAlsoWhenAnotherOneTookItsPlace() throws Exception {
    Path file = folder.resolve("access.log");
    FileSink sink = FileSink.open(file);
    sink.write(bytes("one\n"));
    Files.move(file, folder.resolve("access.log.1"));
    Files.writeString(file, "made by logrotate\n");
    sink.refresh();
    sink.write(bytes("two\n"));
    sink.close();

    assertThat(Files.readAllLines(file)).containsExactly("made by logrotate", "two");
  }

  @Test
  void keepsTheOldFileWhenANewOneCannotBeOpened() throws Exception {
    Path sub = Files.createDirectory(folder.resolve("sub"));
    FileSink sink = FileSink.open(sub.resolve("access.log"));
    Path moved = Files.move(sub, folder.resolve("moved"));

    assertThatThrownBy(sink::refresh).isInstanceOf(IOException.class);
    sink.write(bytes("still here\n"));
    assertThat(Files.readAllLines(moved.resolve("access.log"))).containsExactly("still here");
    sink.close();
  }

  @Test
  void staysWithAFileThatWasNotMoved() throws Exception {
    Path file = folder.resolve("access.log");
    FileSink sink = FileSink.open(file);
    sink.refresh();
    sink.write(bytes("one\n"));
    sink.refresh();
    sink.write(bytes("two\n"));
    sink.close();

    assertThat(Files.readAllLines(file)).containsExactly("one", "two");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
