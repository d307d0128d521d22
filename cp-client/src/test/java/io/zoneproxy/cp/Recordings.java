package io.zoneproxy.cp;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Answers of a real control plane, when there is a folder with them; else a test is skipped. */
public final class Recordings {
  /** Names the folder; without it, one beside the repository. */
  private static final String PROPERTY = "zoneproxy.captures";

  private static final String SKIPPED =
      "no recordings of a control plane: name a folder with -D" + PROPERTY;

  private Recordings() {}

  /** All of them, by name. */
  public static List<Path> files() throws IOException {
    Path folder = Path.of(System.getProperty(PROPERTY, "../../shared/captures"));
    if (!Files.isDirectory(folder)) {
      System.out.println(SKIPPED + " (looked in " + folder.toAbsolutePath().normalize() + ")");
    }
    assumeTrue(Files.isDirectory(folder), SKIPPED);
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.list(folder)) {
      all.filter(file -> file.toString().endsWith(".json")).sorted().forEach(files::add);
    }
    return files;
  }
}
