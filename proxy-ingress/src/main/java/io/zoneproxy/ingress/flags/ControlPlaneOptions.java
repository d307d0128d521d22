package io.zoneproxy.ingress.flags;

import io.zoneproxy.ingress.ProxyRole;
import io.zoneproxy.ingress.controlplane.ManagedProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Flags for a run that a control plane drives: kuma-dp's, and what is kept while it is away. */
public final class ControlPlaneOptions {
  private static final String TOKEN = "--dataplane-token";
  private static final String TOKEN_FILE = "--dataplane-token-file";
  private static final String CA = "--ca-cert-file";

  @Option(
      names = "--cp-address",
      paramLabel = "URL",
      defaultValue = "",
      description = "The control plane (https://localhost:5678).")
  String address = "";

  @Option(
      names = CA,
      paramLabel = "FILE",
      defaultValue = "",
      description = "CA of the control plane; otherwise the system's.")
  String caCertFile = "";

  @Option(
      names = "--skip-verify",
      arity = "0..1",
      paramLabel = "true|false",
      defaultValue = "false",
      fallbackValue = "true",
      converter = SwitchConverter.class,
      description = "The call for the bootstrap, and only that, trusts everybody.")
  boolean skipVerify;

  @Option(
      names = TOKEN_FILE,
      paramLabel = "FILE",
      description = "Token for the control plane. Twice for two proxy types, or once for both.")
  List<String> tokenFiles = new ArrayList<>();

  @Option(
      names = TOKEN,
      paramLabel = "TOKEN",
      defaultValue = "",
      description = "The token itself; `ps` shows it: use the file.")
  String token = "";

  @Option(
      names = "--name",
      paramLabel = "NAME",
      defaultValue = "",
      description = "Of a proxy whose resource the control plane has.")
  String name = "";

  @Option(
      names = "--mesh",
      paramLabel = "NAME",
      defaultValue = "",
      description = "Of a dataplane whose resource the control plane has.")
  String mesh = "";

  @Option(
      names = "--config-dir",
      paramLabel = "DIR",
      defaultValue = "",
      description = "The older name of --work-dir.")
  String configDir = "";

  @Option(
      names = "--metrics-cert-path",
      paramLabel = "FILE",
      defaultValue = "",
      description = "Certificate for metrics over TLS.")
  String metricsCert = "";

  @Option(
      names = "--metrics-key-path",
      paramLabel = "FILE",
      defaultValue = "",
      description = "Its private key.")
  String metricsKey = "";

  @Option(
      names = "--last-known-good-max-age",
      paramLabel = "DURATION",
      defaultValue = "24h",
      converter = DurationConverter.class,
      description = "While the control plane is away, for chains that decide (${DEFAULT-VALUE}).")
  Duration lastKnownGoodMaxAge = Duration.ZERO;

  @Option(
      names = "--last-known-good-key-file",
      paramLabel = "FILE",
      defaultValue = "",
      description = "Encrypts private keys that are kept; without it none are.")
  String lastKnownGoodKeyFile = "";

  /** Refuses what contradicts resource files. */
  public void refuseBesideFiles() {
    if (!address.isEmpty()) {
      throw new UsageException(
          "--resources and --cp-address=%s together (expected: one of them)".formatted(address));
    }
    if (!name.isEmpty() || !mesh.isEmpty()) {
      throw new UsageException(
          "--name=%s --mesh=%s belong to a control plane (expected: --dataplane-file with --resources)"
              .formatted(name, mesh));
    }
  }

  /**
   * Who the proxies are.
   *
   * @param roles that {@code --proxy-type} asks for
   * @param own those that bring a resource; empty = the control plane has it
   * @param environment may name a Pod
   */
  public List<ManagedProxy> proxies(
      List<ProxyRole> roles, List<ManagedProxy> own, Map<String, String> environment) {
    Identity identity = new Identity(name, mesh);
    if (!own.isEmpty()) {
      identity.refuseBeside(own.get(0));
    }
    return new Tokens(token, Variables.tokenFiles(environment, tokenFiles))
        .give(own.isEmpty() ? identity.known(roles, environment) : own);
  }

  /**
   * What is given and not used with resource files, and what is seen by others.
   *
   * @param environment the process's variables: `ps` shows a token only when it is a flag
   * @return one line each
   */
  public List<String> warningsWithFiles(Map<String, String> environment) {
    List<String> warnings = new ArrayList<>();
    unused(warnings, CA, caCertFile);
    unused(warnings, TOKEN_FILE, String.join("", Variables.tokenFiles(environment, tokenFiles)));
    unused(warnings, TOKEN, token);
    unused(warnings, "--skip-verify", skipVerify ? "true" : "");
    unused(warnings, "--last-known-good-key-file", lastKnownGoodKeyFile);
    seen(warnings, environment);
    return warnings;
  }

  /**
   * What a control plane makes odd or dangerous.
   *
   * @param proxies those that it drives
   * @param zone of {@code --zone}, which has no use then
   * @param environment the process's variables
   * @return one line each
   */
  public List<String> warnings(
      List<ManagedProxy> proxies, String zone, Map<String, String> environment) {
    List<String> warnings = new ArrayList<>();
    seen(warnings, environment);
    List<String> files = Variables.tokenFiles(environment, tokenFiles);
    if (token.isEmpty() && files.isEmpty()) {
      warnings.add("no --dataplane-token-file: a control plane that wants tokens will refuse");
    }
    if (!token.isEmpty() && !files.isEmpty()) {
      warnings.add(TOKEN_FILE + " is not used: --dataplane-token wins over it");
    }
    if (skipVerify) {
      warnings.add("--skip-verify: whoever answers for the control plane is given the token");
    }
    if (!caCertFile.isEmpty() && !BareVariable.CA_CERT.text(environment).isEmpty()) {
      warnings.add("--ca-cert-file is not used: KUMA_CONTROL_PLANE_CA_CERT wins over it");
    }
    if (!configDir.isEmpty()) {
      warnings.add("--config-dir is an older name (expected: --work-dir)");
    }
    if (!zone.isEmpty()) {
      warnings.add("--zone is not used: the control plane says which zone it is");
    }
    if (!mesh.isEmpty() && proxies.stream().allMatch(proxy -> proxy.mesh().isEmpty())) {
      warnings.add("--mesh is not used: a zone ingress or egress belongs to no mesh");
    }
    return warnings;
  }

  private void seen(List<String> warnings, Map<String, String> environment) {
    if (!token.isEmpty() && !Variables.overrides(environment, TOKEN)) {
      warnings.add(
          TOKEN
              + " stands in the process list, where `ps` shows it to everybody (expected:"
              + " --dataplane-token-file)");
    }
  }

  private static void unused(List<String> warnings, String flag, String value) {
    if (!value.isEmpty()) {
      warnings.add(flag + " is not used with --resources: there is no control plane");
    }
  }
}
