package io.zoneproxy.ingress.flags;

import io.zoneproxy.core.config.yaml.Shown;
import io.zoneproxy.ingress.controlplane.ControlPlaneConfig;
import io.zoneproxy.ingress.controlplane.ControlPlaneServer;
import io.zoneproxy.ingress.controlplane.Features;
import io.zoneproxy.ingress.controlplane.HostFacts;
import io.zoneproxy.ingress.controlplane.LastKnownGood;
import io.zoneproxy.ingress.controlplane.ManagedProxy;
import io.zoneproxy.ingress.controlplane.ProxyHost;
import io.zoneproxy.ingress.controlplane.WorkDir;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Makes the record of a run that a control plane drives, from flags and variables. */
public final class ControlPlaneFlags {
  /** kuma-dp's. */
  private static final String DEFAULT_ADDRESS = "https://localhost:5678";

  private static final String PEM = "-----BEGIN CERTIFICATE-----";
  private static final String PEM_FILE = "a file of certificates in PEM";
  private static final String WORK_DIR = "--work-dir";

  private final ControlPlaneOptions flags;
  private final RunOptions options;
  private final Map<String, String> environment;

  /**
   * Does nothing yet.
   *
   * @param options checked
   * @param environment the process's variables
   */
  public ControlPlaneFlags(
      ControlPlaneOptions flags, RunOptions options, Map<String, String> environment) {
    this.flags = flags;
    this.options = options;
    this.environment = environment;
  }

  /** The folder that is asked for; nothing is made yet. */
  public WorkDir workDir() {
    return new WorkDir(namedWorkDir());
  }

  /** The same, when the user has named one. */
  public Optional<Path> namedWorkDir() {
    return Paths.maybe(WORK_DIR, options.workDir().isEmpty() ? flags.configDir : options.workDir());
  }

  /**
   * Makes the folder that the user has named, if one was named.
   *
   * @throws UsageException when that cannot be, or it cannot be written
   */
  public void makeNamedWorkDir(WorkDir workDir) {
    if (namedWorkDir().isPresent()) {
      create(workDir);
    }
  }

  /**
   * The record.
   *
   * @param proxies with their tokens
   * @param workDir is made as the last step, when all else is good
   * @throws UsageException with a line for each mistake
   */
  public ControlPlaneConfig config(List<ManagedProxy> proxies, WorkDir workDir) {
    Mistakes mistakes = new Mistakes();
    checkPorts(mistakes, proxies.get(0));
    checkMetrics(mistakes);
    ControlPlaneServer server = server(mistakes);
    Features features = features(mistakes);
    boolean ipv6 = BareVariable.IPV6_ENABLED.isOn(environment, mistakes) && HostFacts.hasIpv6();
    mistakes.refuse();
    LastKnownGood lastKnownGood = lastKnownGood();
    ProxyHost host = host(ipv6, workDir);
    return new ControlPlaneConfig(server, proxies, host, features, lastKnownGood);
  }

  private void checkPorts(Mistakes mistakes, ManagedProxy first) {
    if (first.adminPort() == options.readinessPort()) {
      mistakes.add(
          "--readiness-port=%d is the networking.admin.port of %s too (expected: another port)"
              .formatted(options.readinessPort(), first.id()));
    }
  }

  private void checkMetrics(Mistakes mistakes) {
    if (flags.metricsCert.isEmpty() != flags.metricsKey.isEmpty()) {
      mistakes.add(
          "--metrics-cert-path=%s --metrics-key-path=%s (expected: both, or none)"
              .formatted(flags.metricsCert, flags.metricsKey));
    }
  }

  private ControlPlaneServer server(Mistakes mistakes) {
    ServerAddress address =
        ServerAddress.of(flags.address.isEmpty() ? DEFAULT_ADDRESS : flags.address);
    String ca = BareVariable.CA_CERT.text(environment);
    if (!ca.isEmpty() && !ca.contains(PEM)) {
      mistakes.add(
          "%s=%s (expected: certificates in PEM)"
              .formatted(BareVariable.CA_CERT.variable(), Shown.text(ca)));
    }
    return new ControlPlaneServer(
        address.host(),
        address.port(),
        ca,
        ca.isEmpty() ? Paths.file("--ca-cert-file", flags.caCertFile, PEM_FILE) : Optional.empty(),
        flags.skipVerify,
        BareVariable.RETRY_BACKOFF.duration(environment, mistakes),
        BareVariable.RETRY_MAX_DURATION.duration(environment, mistakes));
  }

  private Features features(Mistakes mistakes) {
    return new Features(
        delta(mistakes),
        BareVariable.UNIFIED_NAMING.isOn(environment, mistakes),
        BareVariable.SPIRE_SUPPORTED.isOn(environment, mistakes),
        bare(BareVariable.SPIRE_SOCKET_PATH),
        BareVariable.REUSE_PORT.isOn(environment, mistakes));
  }

  private boolean delta(Mistakes mistakes) {
    String variant = BareVariable.XDS_VARIANT.text(environment);
    return switch (variant.toUpperCase(Locale.ROOT)) {
      case "", "DELTA_GRPC" -> true;
      case "GRPC" -> false;
      default -> {
        mistakes.word(
            BareVariable.XDS_VARIANT.variable(),
            Shown.text(variant),
            List.of("GRPC", "DELTA_GRPC"));
        yield true;
      }
    };
  }

  private ProxyHost host(boolean ipv6, WorkDir workDir) {
    String expected = "a file in PEM";
    Optional<Path> cert = Paths.file("--metrics-cert-path", flags.metricsCert, expected);
    Optional<Path> key = Paths.file("--metrics-key-path", flags.metricsKey, expected);
    Optional<Path> systemCa = bare(BareVariable.SYSTEM_CA_PATH).or(HostFacts::systemCaPath);
    String hostIp = BareVariable.HOST_IP.text(environment);
    return new ProxyHost(
        options.readinessPort(),
        create(workDir),
        systemCa,
        ipv6,
        cert,
        key,
        hostIp.isEmpty() ? Map.of() : Map.of(BareVariable.HOST_IP.variable(), hostIp));
  }

  private Optional<Path> bare(BareVariable variable) {
    return Paths.maybe(variable.variable(), variable.text(environment));
  }

  private Path create(WorkDir workDir) {
    try {
      return workDir.create();
    } catch (IOException e) {
      String folder = options.workDir().isEmpty() ? flags.configDir : options.workDir();
      throw new UsageException(
          "%s=%s: cannot be made: %s (expected: a folder that can be written, or the path of a new one)"
              .formatted(WORK_DIR, folder, reason(e)));
    }
  }

  /** The text of a failure of the file system is the path alone. */
  private static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "no permission";
    }
    return e instanceof NoSuchFileException
        ? "there can be no folder"
        : String.valueOf(e.getMessage());
  }

  private LastKnownGood lastKnownGood() {
    boolean kept = !options.workDir().isEmpty() || !flags.configDir.isEmpty();
    return new LastKnownGood(
        kept,
        flags.lastKnownGoodMaxAge,
        Paths.file("--last-known-good-key-file", flags.lastKnownGoodKeyFile, "a file with a key"));
  }
}
