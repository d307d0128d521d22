package io.zoneproxy.ingress.launch;

import io.zoneproxy.ingress.flags.ControlPlaneOptions;
import io.zoneproxy.ingress.flags.Roles;
import io.zoneproxy.ingress.flags.RunOptions;
import io.zoneproxy.ingress.flags.SourceOptions;
import io.zoneproxy.ingress.flags.UsageException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the proxy until it is told to end. */
@Command(
    description = "A zone egress and zone ingress for Kuma and Kong Mesh.",
    footer = {
      "",
      "`run` may stand before the flags, as with kuma-dp. Each flag has a variable, which wins",
      "over it: docs/configuration.md has them, with units and ranges."
    },
    sortOptions = false,
    usageHelpAutoWidth = true)
final class RunCommand implements Callable<Integer> {
  private final Roles roles;
  private final Map<String, String> environment;
  private final InputStream standardInput;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this.")
  boolean help;

  @Option(
      names = "--proxy-type",
      paramLabel = "TYPE[,TYPE]",
      defaultValue = "dataplane",
      description = "egress, ingress or dataplane (${DEFAULT-VALUE}).")
  String proxyType = "dataplane";

  @Mixin SourceOptions source = new SourceOptions();
  @Mixin RunOptions options = new RunOptions();
  @Mixin ControlPlaneOptions controlPlane = new ControlPlaneOptions();

  RunCommand(Roles roles, Map<String, String> environment, InputStream standardInput) {
    this.roles = roles;
    this.environment = environment;
    this.standardInput = standardInput;
  }

  @Override
  public Integer call() {
    options.check();
    Optional<Path> resources = source.resources();
    controlPlane.check(resources.isPresent());
    if (source.zone().isEmpty()) {
      throw new UsageException("--zone is missing (expected: the own zone's name)");
    }
    Plan plan =
        new Plan(
            source.own(roles, proxyType, standardInput, environment),
            source.zone(),
            resources.orElseThrow(),
            controlPlane.warnings(environment));
    return new Program(plan, options, environment).run();
  }
}
