package io.zoneproxy.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FolderScanTest {
  private final Path path;
  private final Folder files;

  FolderScanTest(@TempDir Path path) {
    this.path = path;
    this.files = new Folder(path);
    files.write("a.yaml", Folder.zones("a1"));
  }

  @Test
  void isTheSameWhileNothingChanges() {
    assertThat(FolderScan.of(path)).isEqualTo(FolderScan.of(path));
    assertThat(FolderScan.of(path).files()).containsOnlyKeys(path.resolve("a.yaml"));
  }

  @Test
  void seesOtherSizeAndTime() throws IOException {
    FolderScan before = FolderScan.of(path);
    files.write("a.yaml", Folder.zones("longer"));
    FolderScan longer = FolderScan.of(path);
    assertThat(longer).isNotEqualTo(before);
    Files.setLastModifiedTime(path.resolve("a.yaml"), FileTime.fromMillis(1));
    assertThat(FolderScan.of(path)).isNotEqualTo(longer);
  }

  @Test
  void seesAnotherFileOfTheSameSizeAndTimeRenamedIntoPlace() throws IOException {
    FolderScan before = FolderScan.of(path);
    FileTime time = Files.getLastModifiedTime(path.resolve("a.yaml"));
    Files.setLastModifiedTime(files.write("new", Folder.zones("a2")), time);
    files.rename("new", "a.yaml");
    assertThat(FolderScan.of(path)).isNotEqualTo(before);
  }

  @Test
  void seesTheTurnOfALink() {
    files.swap("1", "c.yaml", Folder.zones("c1"));
    FolderScan before = FolderScan.of(path);
    files.swap("2", "c.yaml", Folder.zones("c2"));
    assertThat(FolderScan.of(path)).isNotEqualTo(before);
    assertThat(before.files()).hasSize(2);
  }

  @Test
  void seesALinkThatLeadsNowhere() throws IOException {
    FolderScan before = FolderScan.of(path);
    Files.createSymbolicLink(path.resolve("b.yaml"), Path.of("missing"));
    assertThat(FolderScan.of(path)).isNotEqualTo(before);
  }

  @Test
  void saysThatItMayNotLookInside() throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("---------"));
    try {
      assumeFalse(Files.isReadable(path), "whoever runs this may read everything");
      assertThat(FolderScan.of(path).failure())
          .isEqualTo(
              "cannot be read: permission denied (expected: a folder that this user may list and"
                  + " enter)");
    } finally {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
    }
  }

  @Test
  void saysThatThereIsNothing() {
    FolderScan scan = FolderScan.of(path.resolve("missing"));
    assertThat(scan.failure()).isEqualTo("no such folder or file");
    assertThat(scan.files()).isEmpty();
    assertThat(scan).isEqualTo(FolderScan.of(path.resolve("missing")));
  }
}
