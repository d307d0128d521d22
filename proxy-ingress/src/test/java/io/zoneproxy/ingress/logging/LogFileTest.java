package io.zoneproxy.ingress.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs({OS.LINUX, OS.MAC})
class LogFileTest {
  private final Path folder;

  LogFileTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void aNewOneIsNotForEverybody() throws IOException {
    Path file = folder.resolve("new.log");
    try {
      Logging.configure("info", file.toString());
      assertThat(mode(file)).isEqualTo("rw-r-----");
    } finally {
      Logging.configure("off", "");
    }
  }

  @Test
  void oneThatIsThereKeepsItsMode() throws IOException {
    Path file = Files.writeString(folder.resolve("old.log"), "before\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));
    LogFile.create(file);
    assertThat(mode(file)).isEqualTo("rw-rw-r--");
    assertThat(file).hasContent("before\n");
  }
}
