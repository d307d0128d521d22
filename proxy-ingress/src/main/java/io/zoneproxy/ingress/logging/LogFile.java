package io.zoneproxy.ingress.logging;

import io.zoneproxy.core.config.yaml.Shown;
import io.zoneproxy.ingress.flags.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** A log's file, as a flag names it. */
final class LogFile {
  private LogFile() {}

  /** Names of services and addresses are in it: for the group that reads logs, and nobody else. */
  private static final Set<PosixFilePermission> MODE = PosixFilePermissions.fromString("rw-r-----");

  /**
   * The path, if a file can be there. A missing folder is an error: it is more likely misspelt, or
   * a volume that is not mounted, than meant to be made.
   */
  static Path of(String flag, String file) {
    try {
      Path path = Path.of(file).toAbsolutePath();
      Path folder = path.getParent();
      if (folder == null || Files.isDirectory(path)) {
        throw new UsageException(flag + "=" + file + ": is a folder (expected: a file)");
      }
      if (!Files.isDirectory(folder)) {
        throw new UsageException(
            "%s=%s: no folder %s (expected: a file in a folder that exists)"
                .formatted(flag, file, folder));
      }
      return path;
    } catch (InvalidPathException e) {
      throw new UsageException(flag + "=" + Shown.text(file) + ": is no path (expected: a file)");
    }
  }

  /** Makes it, if it is not there; one that is there keeps its mode. Whoever opens it says more. */
  static void create(Path path) {
    try {
      Files.createFile(path, PosixFilePermissions.asFileAttribute(MODE));
    } catch (IOException | UnsupportedOperationException e) {
      return; // there already; or cannot be written, which its opening says; or no POSIX
    }
  }
}
