package io.zoneproxy.ingress.launch;

import io.netty.util.Version;
import io.zoneproxy.ingress.flags.ExitCode;
import io.zoneproxy.ingress.flags.HelpOption;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints the version. */
@Command(description = "Prints the version.")
final class VersionCommand implements Callable<Integer> {
  private static final String UNKNOWN = "unknown";

  @Spec CommandSpec spec = CommandSpec.create();

  @Mixin HelpOption help = new HelpOption();

  @Option(
      names = {"-a", "--detailed"},
      description = "With what it runs on.")
  boolean detailed;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    out.println("zoneproxy: " + version());
    if (detailed) {
      out.println("Netty:     " + netty());
      out.println(
          "Java:      "
              + System.getProperty("java.vm.name")
              + " "
              + System.getProperty("java.vm.version"));
      out.println(
          "System:    "
              + System.getProperty("os.name")
              + " "
              + System.getProperty("os.version")
              + " "
              + System.getProperty("os.arch"));
    }
    out.flush();
    return ExitCode.OK;
  }

  private static String netty() {
    // In one jar only one module's entry is left; all of them have one version.
    return Version.identify().values().stream()
        .map(Version::artifactVersion)
        .findFirst()
        .orElse(UNKNOWN);
  }

  /** Of the jar; {@code unknown} when run from classes. */
  static String version() {
    return Optional.ofNullable(VersionCommand.class.getPackage().getImplementationVersion())
        .orElse(UNKNOWN);
  }
}
