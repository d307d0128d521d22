package io.zoneproxy.ingress.flags;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** kuma-dp's flags for a control plane: with resource files none of them has a use. */
public final class ControlPlaneOptions {
  private static final String TOKEN = "--dataplane-token";

  /** kuma-dp's. */
  private static final String DEFAULT_ADDRESS = "https://localhost:5678";

  @Option(
      names = "--cp-address",
      paramLabel = "URL",
      defaultValue = "",
      description = "The control plane (not built yet: use --resources).")
  String address = "";

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
      names = TOKEN,
      paramLabel = "TOKEN",
      defaultValue = "",
      description = "The token itself; `ps` shows it. Not used with --resources.")
  String token = "";

  @Option(
      names = "--name",
      paramLabel = "NAME",
      defaultValue = "",
      description = "Of a proxy without an own resource; refused with --resources.")
  String name = "";

  @Option(
      names = "--mesh",
      paramLabel = "NAME",
      defaultValue = "",
      description = "Of a proxy without an own resource; refused with --resources.")
  String mesh = "";

  /**
   * Refuses whatever contradicts resource files.
   *
   * @param hasResources whether {@code --resources} is given
   */
  public void check(boolean hasResources) {
    if (hasResources && !address.isEmpty()) {
      throw new UsageException(
          "--resources and --cp-address=%s together (expected: one of them)".formatted(address));
    }
    if (!hasResources) {
      throw new UsageException(
          "no --resources, and running from a control plane (%s) is not built yet (expected: --resources=DIR)"
              .formatted(address.isEmpty() ? DEFAULT_ADDRESS : address));
    }
    if (!name.isEmpty() || !mesh.isEmpty()) {
      throw new UsageException(
          "--name=%s --mesh=%s belong to a control plane (expected: --dataplane-file with --resources)"
              .formatted(name, mesh));
    }
  }

  /**
   * What is given and not used, and what is seen by others.
   *
   * @param environment the process's variables: `ps` shows a token only when it is a flag
   * @return one line each
   */
  public List<String> warnings(Map<String, String> environment) {
    List<String> warnings = new ArrayList<>();
    unused(warnings, "--ca-cert-file", caCertFile);
    unused(warnings, "--dataplane-token-file", tokenFile);
    unused(warnings, TOKEN, token);
    if (!token.isEmpty() && !Variables.overrides(environment, TOKEN)) {
      warnings.add(
          TOKEN
              + " stands in the process list, where `ps` shows it to everybody (expected:"
              + " --dataplane-token-file)");
    }
    return warnings;
  }

  private static void unused(List<String> warnings, String flag, String value) {
    if (!value.isEmpty()) {
      warnings.add(flag + " is not used with --resources: there is no control plane");
    }
  }
}
