package io.zoneproxy.core.http;

import java.io.IOException;
import java.net.BindException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.Set;

/**
 * The file of a listening Unix socket. Nobody else may write into its folder: they could put a
 * socket of their own in its place.
 */
final class UnixSocketFile {
  private static final Set<PosixFilePermission> FOLDER =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> OTHERS_WRITE =
      PosixFilePermissions.fromString("----w--w-");
  private static final Set<PosixFilePermission> SOCKET =
      PosixFilePermissions.fromString("rw-------");

  private final Path path;

  UnixSocketFile(Path path) {
    this.path = path.toAbsolutePath();
  }

  /**
   * Makes the folder when there is none, and removes what an ended process has left.
   *
   * @throws IOException when the folder is writable for others, or a process listens there, or the
   *     file is no socket
   */
  void prepare() throws IOException {
    Path folder = path.getParent();
    if (folder == null) {
      throw new IOException("is no path of a file");
    }
    Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(FOLDER));
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(folder);
    if (!Collections.disjoint(permissions, OTHERS_WRITE)) {
      throw new IOException(
          "others may write into %s: %s (expected: rwxr-xr-x or less; chmod go-w)"
              .formatted(folder, PosixFilePermissions.toString(permissions)));
    }
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      removeStale();
    }
  }

  private void removeStale() throws IOException {
    PosixFileAttributes found =
        Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!found.isOther()) { // neither file, folder nor link
      throw new IOException("exists and is no socket");
    }
    if (isAlive()) {
      throw new BindException("Address already in use");
    }
    Files.delete(path);
  }

  private boolean isAlive() {
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return probe.connect(UnixDomainSocketAddress.of(path));
    } catch (IOException refused) {
      return false;
    }
  }

  /** Only this user may connect from now on. */
  void restrict() throws IOException {
    Files.setPosixFilePermissions(path, SOCKET);
  }

  /** Removes the file; not there is fine. */
  void remove() throws IOException {
    Files.deleteIfExists(path);
  }
}
