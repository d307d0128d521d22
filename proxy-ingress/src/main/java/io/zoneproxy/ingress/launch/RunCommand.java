package io.zoneproxy.ingress.launch;

import io.zoneproxy.ingress.OwnProxy;
import io.zoneproxy.ingress.controlplane.ControlPlaneConfig;
import io.zoneproxy.ingress.controlplane.ManagedProxy;
import io.zoneproxy.ingress.controlplane.WorkDir;
import io.zoneproxy.ingress.flags.ControlPlaneFlags;
import io.zoneproxy.ingress.flags.ControlPlaneOptions;
import io.zoneproxy.ingress.flags.HelpOption;
import io.zoneproxy.ingress.flags.IgnoredOptions;
import io.zoneproxy.ingress.flags.Roles;
import io.zoneproxy.ingress.flags.RunOptions;
import io.zoneproxy.ingress.flags.SourceOptions;
import io.zoneproxy.ingress.flags.UsageException;
import io.zoneproxy.ingress.logging.Logging;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

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
  private static final Logger log = LoggerFactory.getLogger(RunCommand.class);

  private final Roles roles;
  private final Map<String, String> environment;
  private final InputStream standardInput;
  private final Optional<ControlPlaneProgram> driven;

  @Spec CommandSpec spec = CommandSpec.create();

  @Mixin HelpOption help = new HelpOption();

  @Option(
      names = "--proxy-type",
      paramLabel = "TYPE[,TYPE]",
      defaultValue = Roles.DEFAULT_TYPE,
      description = "egress, ingress or dataplane (${DEFAULT-VALUE}).")
  String proxyType = Roles.DEFAULT_TYPE;

  @Mixin SourceOptions source = new SourceOptions();
  @Mixin RunOptions options = new RunOptions();
  @Mixin ControlPlaneOptions controlPlane = new ControlPlaneOptions();

  /**
   * Does nothing yet.
   *
   * @param controlPlane runs what a control plane drives; empty = this build cannot
   */
  RunCommand(
      Roles roles,
      Map<String, String> environment,
      InputStream standardInput,
      Optional<ControlPlaneProgram> controlPlane) {
    this.roles = roles;
    this.environment = environment;
    this.standardInput = standardInput;
    this.driven = controlPlane;
  }

  /** With kuma-dp's flags that have no use here. */
  CommandLine line() {
    CommandSpec command = CommandSpec.forAnnotatedObject(this);
    IgnoredOptions.addTo(command);
    return new CommandLine(command);
  }

  @Override
  public Integer call() {
    options.check();
    ControlPlaneFlags flags = new ControlPlaneFlags(controlPlane, options, environment);
    try (WorkDir workDir = flags.workDir()) {
      Optional<Path> resources = source.resources();
      Plan plan =
          resources.isPresent()
              ? fromFiles(resources.get(), flags, workDir)
              : fromControlPlane(flags, workDir);
      Logging.configure(options.logLevel(), options.logOutputPath());
      IgnoredOptions.said(spec.commandLine().getParseResult(), environment).forEach(log::info);
      if (plan instanceof Plan.FromFiles files) {
        return new Program(files, options, environment).run();
      }
      return run((Plan.FromControlPlane) plan);
    }
  }

  private Plan fromFiles(Path resources, ControlPlaneFlags flags, WorkDir workDir) {
    controlPlane.refuseBesideFiles();
    if (source.zone().isEmpty()) {
      throw new UsageException("--zone is missing (expected: the own zone's name)");
    }
    List<OwnProxy> own = source.own(roles, proxyType, standardInput, environment);
    flags.makeNamedWorkDir(workDir);
    return new Plan.FromFiles(
        own,
        source.zone(),
        resources,
        flags.namedWorkDir(),
        controlPlane.warningsWithFiles(environment));
  }

  private Plan fromControlPlane(ControlPlaneFlags flags, WorkDir workDir) {
    List<ManagedProxy> proxies =
        controlPlane.proxies(
            roles.of(proxyType),
            source.managed(roles, proxyType, standardInput, environment),
            environment);
    ControlPlaneConfig config = flags.config(proxies, workDir);
    if (driven.isEmpty()) {
      throw new UsageException(
          "running from a control plane (%s) is not in this build (expected: --resources=DIR)"
              .formatted(config.server().address()));
    }
    return new Plan.FromControlPlane(
        config, controlPlane.warnings(proxies, source.zone(), environment));
  }

  private int run(Plan.FromControlPlane plan) {
    plan.warnings().forEach(log::warn);
    for (ManagedProxy proxy : plan.config().proxies()) {
      if (proxy.resource().isEmpty()) {
        log.info("{}: its resource is the one that the control plane has", proxy.id());
      } else {
        log.info("{}: its resource is {}", proxy.id(), oneLine(proxy.resource()));
      }
    }
    return driven.orElseThrow().run(plan.config(), options, environment);
  }

  /** A log has lines, and YAML too: its indentation stays. */
  private static String oneLine(String resource) {
    return resource
        .lines()
        .map(String::stripTrailing)
        .filter(line -> !line.isEmpty())
        .collect(Collectors.joining(" | "));
  }
}
