package io.zoneproxy.ingress.launch;

import io.zoneproxy.core.resource.Resource;
import io.zoneproxy.ingress.OwnProxy;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the proxy until it is told to end. */
@Command(
    description = "A zone egress and zone ingress for Kuma and Kong Mesh.",
    mixinStandardHelpOptions = false,
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

  @Option(
      names = "--cp-address",
      paramLabel = "URL",
      defaultValue = "",
      description = "The control plane (not built yet: use --resources).")
  String cpAddress = "";

  @Option(
      names = "--ca-cert-file",
      paramLabel = "FILE",
      defaultValue = "",
      description = "CA of the control plane; not used with --resources.")
  String caCertFile = "";

  @Option(
      names = "--dataplane-token-file",
      paramLabel = "FILE",
      defaultValue = "",
      description = "Token for the control plane; not used with --resources.")
  String tokenFile = "";

  @Option(
      names = "--dataplane-token",
      paramLabel = "TOKEN",
      defaultValue = "",
      description = "The token itself; `ps` shows it. Not used with --resources.")
  String token = "";

  @Option(names = "--name", paramLabel = "NAME", defaultValue = "", hidden = true)
  String name = "";

  @Option(names = "--mesh", paramLabel = "NAME", defaultValue = "", hidden = true)
  String mesh = "";

  RunCommand(Roles roles, Map<String, String> environment, InputStream standardInput) {
    this.roles = roles;
    this.environment = environment;
    this.standardInput = standardInput;
  }

  @Override
  public Integer call() throws Exception {
    Path resources = onlySource();
    if (source.zone.isEmpty()) {
      throw new UsageException("--zone is missing (expected: the own zone's name)");
    }
    source.dataplaneFiles = Variables.ownResources(environment, source.dataplaneFiles);
    List<OwnProxy> own = source.own(roles, proxyType, standardInput);
    return new Program(own, source.zone, resources, options, environment).run();
  }

  private Path onlySource() {
    Path resources = source.resources;
    if (resources != null && !cpAddress.isEmpty()) {
      throw new UsageException(
          "--resources and --cp-address together (expected: one of them; KUMA_CONTROL_PLANE_URL"
              + " counts as the flag)");
    }
    if (resources == null) {
      throw new UsageException(
          "no --resources, and running from a control plane (%s) is not built yet (expected:"
                  .formatted(cpAddress.isEmpty() ? "https://localhost:5678" : cpAddress)
              + " --resources=DIR)");
    }
    if (!name.isEmpty() || !mesh.isEmpty()) {
      throw new UsageException(
          "--name and --mesh belong to a control plane (expected: --dataplane-file with"
              + " --resources)");
    }
    return resources;
  }

  /** For messages: {@code ZoneEgress/egress-1}. */
  static String names(List<OwnProxy> own) {
    return own.stream()
        .map(OwnProxy::resource)
        .map(Resource::meta)
        .map(meta -> meta.id())
        .collect(Collectors.joining(", "));
  }
}
