package io.zoneproxy.ingress.driven;

import io.zoneproxy.cp.ads.TokenSource;
import io.zoneproxy.cp.bootstrap.BootstrapCheck;
import io.zoneproxy.cp.bootstrap.BootstrapRequest;
import io.zoneproxy.cp.bootstrap.Environment;
import io.zoneproxy.cp.bootstrap.ProxyIdentity;
import io.zoneproxy.cp.bootstrap.Retries;
import io.zoneproxy.cp.bootstrap.TokenCheck;
import io.zoneproxy.cp.lastgood.LastKnownGood;
import io.zoneproxy.cp.session.KeptSettings;
import io.zoneproxy.cp.session.SessionSettings;
import io.zoneproxy.cp.trust.Trust;
import io.zoneproxy.ingress.controlplane.ControlPlaneConfig;
import io.zoneproxy.ingress.controlplane.ControlPlaneServer;
import io.zoneproxy.ingress.controlplane.ManagedProxy;
import io.zoneproxy.ingress.controlplane.ProxyHost;
import io.zoneproxy.ingress.controlplane.TokenOrigin;
import io.zoneproxy.ingress.flags.UsageException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From what flags and variables say to the settings of a session. */
final class Sessions {
  private static final Logger log = LoggerFactory.getLogger(Sessions.class);

  private final ControlPlaneConfig config;
  private final String version;
  private final boolean keep;

  /**
   * @param version of this program
   * @param keep whether the work folder outlives the run, so that a configuration kept there is of
   *     use
   */
  Sessions(ControlPlaneConfig config, String version, boolean keep) {
    this.config = config;
    this.version = version;
    this.keep = keep;
  }

  /**
   * The settings of one proxy's session.
   *
   * @throws UsageException for what can be seen to be wrong before the control plane is asked
   */
  SessionSettings of(ManagedProxy proxy) {
    ControlPlaneServer server = config.server();
    try {
      String ca = caText(server);
      TokenSource tokens = tokens(proxy.token());
      BootstrapRequest request = request(proxy, tokens.read(), ca);
      check(request);
      return new SessionSettings(
          URI.create(server.address()),
          trust(server, ca),
          request,
          new Retries(server.retryBackoff(), server.retryMaxDuration()),
          tokens,
          kept());
    } catch (IOException e) {
      throw new UsageException(proxy.id() + ": " + e.getMessage());
    }
  }

  private static String caText(ControlPlaneServer server) throws IOException {
    if (!server.caText().isEmpty()) {
      return server.caText();
    }
    Optional<Path> file = server.caFile();
    return file.isPresent() ? Files.readString(file.get()) : "";
  }

  private static Trust trust(ControlPlaneServer server, String ca) throws IOException {
    if (server.skipVerify()) {
      return Trust.everybody();
    }
    return ca.isEmpty() ? Trust.system() : Trust.of(ca);
  }

  private static TokenSource tokens(TokenOrigin origin) {
    if (origin instanceof TokenOrigin.File file) {
      return TokenSource.file(file.path());
    }
    String token = origin instanceof TokenOrigin.Inline inline ? inline.token() : "";
    return () -> token;
  }

  private BootstrapRequest request(ManagedProxy proxy, String token, String ca) {
    ProxyHost host = config.host();
    Environment environment =
        new Environment(
            host.readinessPort(),
            host.workDir().toString(),
            path(host.systemCaPath()),
            host.ipv6Enabled(),
            new Environment.MetricsTls(path(host.metricsCert()), path(host.metricsKey())),
            path(config.features().spireSocket()),
            host.dynamicMetadata());
    String tokenPath = proxy.token() instanceof TokenOrigin.File file ? file.path().toString() : "";
    return new BootstrapRequest(
        new ProxyIdentity(proxy.role().proxyType(), proxy.name(), proxy.mesh(), proxy.resource()),
        token,
        tokenPath,
        ca,
        environment,
        features(),
        version);
  }

  private static String path(Optional<Path> path) {
    return path.map(Path::toString).orElse("");
  }

  private List<String> features() {
    List<String> features = new ArrayList<>(BootstrapRequest.FEATURES);
    if (!config.features().delta()) {
      features.remove(BootstrapRequest.DELTA);
    }
    if (!config.features().reusePort()) {
      features.remove("feature-reuse-port");
    }
    if (config.features().unifiedResourceNaming()) {
      features.add("feature-unified-resource-naming");
    }
    if (config.features().spire()) {
      features.add("feature-spire");
    }
    return features;
  }

  private static void check(BootstrapRequest request) {
    List<String> problems = BootstrapCheck.problems(request);
    if (!problems.isEmpty()) {
      throw new UsageException(
          request.proxy() + ": " + String.join("\n" + request.proxy() + ": ", problems));
    }
    new TokenCheck(request.proxy())
        .doubts(request.token(), Instant.now())
        .forEach(doubt -> log.warn("{}: the token {}", request.proxy(), doubt));
  }

  private Optional<KeptSettings> kept() throws IOException {
    if (!keep) {
      return Optional.empty();
    }
    Optional<Path> keyFile = config.lastKnownGood().keyFile();
    if (keyFile.isPresent()) {
      LastKnownGood.checkKey(keyFile.get());
    }
    return Optional.of(
        new KeptSettings(config.host().workDir(), keyFile, config.lastKnownGood().maxAge()));
  }
}
