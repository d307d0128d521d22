package io.zoneproxy.core.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A folder of files in tests, each a list of zones. */
record Folder(Path path) {
  /** One document a zone, in the order given. */
  static String zones(String... names) {
    return Stream.of(names)
        .map(name -> "type: Zone\nname: " + name + "\n")
        .collect(Collectors.joining("---\n"));
  }

  Path write(String file, String text) {
    try {
      return Files.writeString(path.resolve(file), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void delete(String file) {
    try {
      Files.delete(path.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void rename(String from, String to) {
    try {
      Files.move(
          path.resolve(from),
          path.resolve(to),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As the kubelet writes a ConfigMap: a new folder, and {@code ..data} turned to it. */
  void swap(String version, String file, String text) {
    try {
      Path content = Files.createDirectory(path.resolve(".." + version));
      Files.writeString(content.resolve(file), text);
      Files.createSymbolicLink(path.resolve("..data_tmp"), content.getFileName());
      rename("..data_tmp", "..data");
      if (Files.notExists(path.resolve(file))) {
        Files.createSymbolicLink(path.resolve(file), Path.of("..data", file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String names(Loaded loaded) {
    return loaded.resources().all().stream()
        .map(resource -> resource.meta().name())
        .collect(Collectors.joining(" "));
  }
}
