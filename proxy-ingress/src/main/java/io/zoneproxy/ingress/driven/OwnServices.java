package io.zoneproxy.ingress.driven;

import io.zoneproxy.core.http.HttpService;
import io.zoneproxy.core.model.Address;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.Pipe;
import io.zoneproxy.ingress.controlplane.ControlPlaneConfig;
import io.zoneproxy.ingress.controlplane.ManagedProxy;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The parts of the proxy that a control plane's clusters lead to, by the addresses it uses. */
public final class OwnServices {
  /** Where kuma-cp has the admin interface when nothing else is said. */
  public static final int DEFAULT_ADMIN_PORT = 9901;

  private static final String ADMIN_SOCKET = "kuma-envoy-admin.sock";
  private static final List<String> LOOPBACK = List.of("127.0.0.1", "::1");

  /** kuma-dp cuts the paths of its sockets: systems take some 100 characters. */
  private static final int LONGEST_SOCKET = 98;

  private final ControlPlaneConfig config;
  private final LateService admin = new LateService();
  private final LateService readiness = new LateService();
  private final LateService metrics = new LateService();

  /** Nothing is there yet. */
  public OwnServices(ControlPlaneConfig config) {
    this.config = config;
  }

  /** The admin interface. */
  public LateService admin() {
    return admin;
  }

  /** What probes ask. */
  public LateService readiness() {
    return readiness;
  }

  /** What Prometheus scrapes under MeshMetric (kuma-dp's hijacker). */
  public LateService metrics() {
    return metrics;
  }

  /** The socket of the admin interface, as the bootstrap names it. */
  public Path adminSocket() {
    return config.host().workDir().resolve(ADMIN_SOCKET);
  }

  /** All of them. */
  public Map<Address, HttpService> byAddress() {
    Map<Address, HttpService> parts = new HashMap<>();
    parts.put(new Pipe(adminSocket().toString()), admin);
    for (ManagedProxy proxy : config.proxies()) {
      int port = proxy.adminPort() > 0 ? proxy.adminPort() : DEFAULT_ADMIN_PORT;
      LOOPBACK.forEach(host -> parts.put(new HostPort(host, port), admin));
      parts.put(new Pipe(metricsSocket(proxy)), metrics);
    }
    for (String host : LOOPBACK) {
      parts.put(new HostPort(host, config.host().readinessPort()), readiness);
    }
    return parts;
  }

  private String metricsSocket(ManagedProxy proxy) {
    String path =
        config.host().workDir().resolve("kuma-mh-" + proxy.name() + "-" + proxy.mesh()).toString();
    return path.substring(0, Math.min(path.length(), LONGEST_SOCKET)) + ".sock";
  }
}
