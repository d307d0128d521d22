package io.zoneproxy.cp.lastgood;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Opens a file that decides what the proxy does: a regular one, which nobody but this user and root
 * can have written. Nothing else is opened, so that a FIFO holds nobody up.
 */
final class TrustedFile {
  private static final Set<PosixFilePermission> OTHERS_WRITE =
      PosixFilePermissions.fromString("----w--w-");

  private static final Path STATUS = Path.of("/proc/self/status");

  private TrustedFile() {}

  /**
   * Opens it.
   *
   * @param links {@code NOFOLLOW_LINKS} refuses symbolic links; nothing follows them
   * @throws IOException the message says what is wrong with it, what is expected, and what to do;
   *     it does not name the file
   */
  static InputStream open(Path file, LinkOption... links) throws IOException {
    try {
      Object found = check(file, links);
      InputStream in = Files.newInputStream(file, links);
      if (!found.equals(check(file, links))) { // of a file that lay there, and not the one checked
        in.close();
        throw new IOException("another file took its place meanwhile (expected: it stays)");
      }
      return in;
    } catch (AccessDeniedException e) {
      throw new IOException(
          "permission denied (expected: readable for the user that runs this program; chown it, or"
              + " delete it)",
          e);
    }
  }

  /** Which file it is. */
  private static Object check(Path file, LinkOption... links) throws IOException {
    PosixFileAttributes found = Files.readAttributes(file, PosixFileAttributes.class, links);
    if (!found.isRegularFile()) {
      throw new IOException(
          "is %s (expected: a regular file; remove it)"
              .formatted(
                  found.isSymbolicLink()
                      ? "a symbolic link"
                      : found.isDirectory() ? "a folder" : "a FIFO, a socket or a device"));
    }
    int owner = (Integer) Files.getAttribute(file, "unix:uid", links);
    OptionalInt own = ownUid();
    if (owner != 0 && own.isPresent() && owner != own.getAsInt()) {
      throw new IOException(
          "belongs to user %d (expected: %d, who runs this program, or root; chown it when you trust"
                  .formatted(owner, own.getAsInt())
              + " what is in it, or delete it)");
    }
    if (!Collections.disjoint(found.permissions(), OTHERS_WRITE)) {
      throw new IOException(
          "others may write it: %s (expected: rw-r--r-- or less; chmod go-w when you trust what is"
                  .formatted(PosixFilePermissions.toString(found.permissions()))
              + " in it, or delete it)");
    }
    return Objects.requireNonNullElse(found.fileKey(), file);
  }

  /** Who opens files; empty where the system does not say. */
  private static OptionalInt ownUid() throws IOException {
    if (!Files.isReadable(STATUS)) {
      return OptionalInt.empty();
    }
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith("Uid:")) // real, effective, saved, for files
        .map(line -> line.substring("Uid:".length()).strip().split("\\s+"))
        .mapToInt(ids -> Integer.parseUnsignedInt(ids[ids.length - 1]))
        .findFirst();
  }
}
