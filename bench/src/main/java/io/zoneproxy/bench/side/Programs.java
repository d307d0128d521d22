package io.zoneproxy.bench.side;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Where programs lie. */
public final class Programs {
  /** Not every user has it in PATH, and all peers lie there. */
  private static final String SYSTEM_FOLDER = "/usr/sbin";

  private Programs() {}

  /** The program's path; empty when it is not installed. */
  public static Optional<Path> find(String name) {
    String folders = Objects.requireNonNullElse(System.getenv("PATH"), "");
    return Stream.concat(List.of(folders.split(":", -1)).stream(), Stream.of(SYSTEM_FOLDER))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** What is said of a program that is not there. */
  public static Optional<String> absence(String name) {
    return find(name).isPresent() ? Optional.empty() : Optional.of(name + " is not installed");
  }
}
