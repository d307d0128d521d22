package io.zoneproxy.ingress.flags;

import picocli.CommandLine.Option;

/** The flag that every command has. */
public final class HelpOption {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this.")
  boolean help;
}
