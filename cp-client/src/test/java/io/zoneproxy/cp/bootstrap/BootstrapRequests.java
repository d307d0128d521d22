package io.zoneproxy.cp.bootstrap;

import java.util.Map;

/** Requests of proxies. */
final class BootstrapRequests {
  private BootstrapRequests() {}

  static BootstrapRequest egress() {
    return of(
        new ProxyIdentity("egress", "egress-1", "", "{\"type\":\"ZoneEgress\",name: egress-1}"));
  }

  static BootstrapRequest of(ProxyIdentity proxy) {
    return of(proxy, 9902, "");
  }

  static BootstrapRequest of(ProxyIdentity proxy, int readinessPort, String ca) {
    return new BootstrapRequest(
        proxy,
        "secret-token",
        "",
        ca,
        new Environment(
            readinessPort,
            "/tmp/zp",
            "/etc/ssl/ca.crt",
            true,
            Environment.MetricsTls.NONE,
            "",
            Map.of("HOST_IP", "10.0.0.5")),
        BootstrapRequest.FEATURES,
        "1.0");
  }
}
