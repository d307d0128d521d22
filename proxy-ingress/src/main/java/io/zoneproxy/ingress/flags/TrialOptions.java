package io.zoneproxy.ingress.flags;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Flags of those who look at resource files without running a proxy. */
public final class TrialOptions {
  @Option(
      names = "--work-dir",
      paramLabel = "DIR",
      defaultValue = "",
      description = "That of the proxy: its builtin CAs are read, nothing is written.")
  String workDir = "";

  /** Where builtin CAs may be; empty when it is not given. */
  public Optional<Path> workDir() {
    return Paths.maybe("--work-dir", workDir);
  }
}
