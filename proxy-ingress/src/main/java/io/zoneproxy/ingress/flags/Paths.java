package io.zoneproxy.ingress.flags;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Paths as flags and variables give them. */
final class Paths {
  private Paths() {}

  /** Of a text that is there. */
  static Path of(String flag, String path) {
    try {
      return Path.of(path).toAbsolutePath();
    } catch (InvalidPathException e) {
      throw new UsageException(flag + ": is no path (expected: one without NUL characters)");
    }
  }

  /** Empty for "". */
  static Optional<Path> maybe(String flag, String path) {
    return path.isEmpty() ? Optional.empty() : Optional.of(of(flag, path));
  }

  /** Empty for ""; otherwise the file must be there. */
  static Optional<Path> file(String flag, String path, String expected) {
    Optional<Path> file = maybe(flag, path);
    if (file.isPresent() && !Files.isReadable(file.get())) {
      String why = Files.exists(file.get()) ? "cannot be read" : "no such file";
      throw new UsageException("%s=%s: %s (expected: %s)".formatted(flag, path, why, expected));
    }
    if (file.isPresent() && Files.isDirectory(file.get())) {
      throw new UsageException("%s=%s: is a folder (expected: %s)".formatted(flag, path, expected));
    }
    return file;
  }
}
