package io.zoneproxy.ingress.launch;

import io.zoneproxy.ingress.flags.ExitCode;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints the version. */
@Command(description = "Prints the version.")
final class VersionCommand implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this.")
  boolean help;

  @Override
  public Integer call() {
    spec.commandLine().getOut().println("zoneproxy: " + version());
    spec.commandLine().getOut().flush();
    return ExitCode.OK;
  }

  /** Of the jar; {@code unknown} when run from classes. */
  static String version() {
    return Optional.ofNullable(VersionCommand.class.getPackage().getImplementationVersion())
        .orElse("unknown");
  }
}
