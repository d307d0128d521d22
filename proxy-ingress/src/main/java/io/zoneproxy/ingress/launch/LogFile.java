package io.zoneproxy.ingress.launch;

import io.zoneproxy.core.config.yaml.Shown;
import io.zoneproxy.ingress.flags.UsageException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** A log's file, as a flag names it. */
final class LogFile {
  private LogFile() {}

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
}
