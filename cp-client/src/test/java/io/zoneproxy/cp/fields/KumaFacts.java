package io.zoneproxy.cp.fields;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What is known of Kuma from its sources and from a running one. It is not in the repository: the
 * environment says where it is ({@code ZONEPROXY_KUMA_FACTS}), else its tests are skipped.
 */
public final class KumaFacts {
  private static final String VARIABLE = "ZONEPROXY_KUMA_FACTS";

  private KumaFacts() {}

  /**
   * A file or folder of it; without it the test is skipped, and says so.
   *
   * @param name below the folder: {@code reference/kuma-xds-fields.tsv}, {@code captures}
   */
  public static Path need(String name) {
    String folder = System.getenv(VARIABLE);
    assumeTrue(folder != null, "skipped: " + VARIABLE + " names no folder with " + name);
    Path path = Path.of(folder, name);
    assumeTrue(Files.exists(path), "skipped: there is no " + path);
    return path;
  }
}
