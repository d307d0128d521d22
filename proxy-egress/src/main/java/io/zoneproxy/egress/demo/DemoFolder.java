package io.zoneproxy.egress.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.attribute.PosixFilePermissions.asFileAttribute;
import static java.nio.file.attribute.PosixFilePermissions.fromString;

import io.zoneproxy.ingress.controlplane.FolderDeletion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** The demo's folder in the system's place for temporary files; only its owner can look inside. */
final class DemoFolder implements AutoCloseable {
  private final Path path;

  private DemoFolder(Path path) {
    this.path = path;
  }

  /** Makes a fresh one, mode 0700 from its first moment. */
  static DemoFolder create() throws IOException {
    return new DemoFolder(
        Files.createTempDirectory("zoneproxy-demo-", asFileAttribute(fromString("rwx------"))));
  }

  Path path() {
    return path;
  }

  /**
   * Writes a new file, mode 0600 from its first moment, and the folders above it.
   *
   * @param name relative to the folder
   */
  void write(String name, String text) throws IOException {
    Path file = path.resolve(name);
    Path above = file.getParent();
    if (above != null) {
      Files.createDirectories(above, asFileAttribute(fromString("rwx------")));
    }
    Set<StandardOpenOption> fresh = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (SeekableByteChannel channel =
        Files.newByteChannel(file, fresh, asFileAttribute(fromString("rw-------")))) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
  }

  /** Deletes it with all that is in it. */
  @Override
  public void close() throws IOException {
    FolderDeletion.delete(path);
  }
}
