package io.zoneproxy.egress.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The resource files of one zone. Any thread. */
record ZoneFiles(Path folder) {
  static ZoneFiles in(Path parent, String zone) {
    try {
      return new ZoneFiles(Files.createDirectories(parent.resolve(zone)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a file aside and renames it into place, as careful users do. */
  ZoneFiles put(String name, String text) {
    Path aside = folder.resolve("." + name);
    try {
      Files.writeString(aside, text);
      Files.move(
          aside,
          folder.resolve(name),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void remove(String name) {
    try {
      Files.delete(folder.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
