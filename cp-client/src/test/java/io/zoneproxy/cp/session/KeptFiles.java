package io.zoneproxy.cp.session;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What sessions keep in a folder. */
final class KeptFiles {
  private KeptFiles() {}

  /** Whether there is a whole one. */
  static boolean any(Path folder) {
    try (Stream<Path> all = Files.list(folder)) {
      return all.anyMatch(
          file ->
              file.getFileName().toString().startsWith("last-known-good-")
                  && !file.toString().endsWith(".new"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether one of them has these words in it. */
  static boolean contain(Path folder, String words) {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(file -> !file.toString().endsWith(".new"))
          .anyMatch(file -> text(file).contains(words));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return ""; // replaced meanwhile
    }
  }
}
