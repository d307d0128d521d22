package io.zoneproxy.bench.terminate;

import io.zoneproxy.bench.load.tls.Certificates;
import io.zoneproxy.bench.load.tls.Certificates.KeyKind;
import io.zoneproxy.bench.load.tls.Ports;
import io.zoneproxy.bench.side.Envoy;
import io.zoneproxy.bench.side.Peer;
import io.zoneproxy.bench.side.Place;
import java.nio.file.Path;

/** Envoy with the chain that a zone egress has: TLS inspector, TLS, RBAC, HTTP or TCP. */
final class EndingEnvoy {
  private final Certificates certificates;

  private EndingEnvoy(Certificates certificates) {
    this.certificates = certificates;
  }

  static Peer peer(Path folder, Certificates certificates) {
    Envoy envoy = new Envoy(folder);
    EndingEnvoy ending = new EndingEnvoy(certificates);
    return new EndingPeer(
        envoy, envoy.title(), place -> envoy.launch(place, ending.configuration(place)));
  }

  private String configuration(Place place) {
    return "static_resources:\n  listeners:\n"
        + listener(place, Ports.HTTP_EC, KeyKind.EC, http())
        + listener(place, Ports.HTTP_RSA, KeyKind.RSA, http())
        + listener(place, Ports.TCP_EC, KeyKind.EC, tcp())
        + "  clusters:\n"
        + cluster("http", place.upstreamPort() + Ports.UPSTREAM_HTTP)
        + cluster("tcp", place.upstreamPort() + Ports.UPSTREAM_TCP);
  }

  private String listener(Place place, int port, KeyKind key, String last) {
    return """
      - name: downstream-%2$d
        address: { socket_address: { address: %1$s, port_value: %2$d } }
        tcp_backlog_size: 4096
        listener_filters:
        - name: envoy.filters.listener.tls_inspector
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector
        filter_chains:
        - filter_chain_match: { transport_protocol: tls, server_names: ["%3$s"] }
          transport_socket:
            name: envoy.transport_sockets.tls
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
              require_client_certificate: true
              common_tls_context:
                alpn_protocols: [h2, http/1.1]
                tls_certificates:
                - certificate_chain: { filename: "%4$s" }
                  private_key: { filename: "%5$s" }
                validation_context:
                  trusted_ca: { filename: "%6$s" }
          filters:
          - name: envoy.filters.network.rbac
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.network.rbac.v3.RBAC
              stat_prefix: rbac
              rules:
                action: ALLOW
                policies:
                  web:
                    permissions: [{ any: true }]
                    principals:
                    - authenticated: { principal_name: { exact: "%7$s" } }
    """
            .formatted(
                Place.HOST,
                place.port() + port,
                place.serverName(),
                certificates.server(key),
                certificates.serverKey(key),
                certificates.authority(key),
                Certificates.CLIENT_URI)
        + last;
  }

  private static String http() {
    return """
          - name: envoy.filters.network.http_connection_manager
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
              stat_prefix: http
              codec_type: AUTO
              route_config:
                virtual_hosts:
                - name: all
                  domains: ["*"]
                  routes:
                  - match: { prefix: "/" }
                    route: { cluster: http }
              http_filters:
              - name: envoy.filters.http.router
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
    """;
  }

  private static String tcp() {
    return """
          - name: envoy.filters.network.tcp_proxy
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
              stat_prefix: tcp
              cluster: tcp
    """;
  }

  /** The circuit breaker's default of 1,024 would refuse requests. */
  private static String cluster(String name, int port) {
    return """
      - name: %2$s
        type: STATIC
        connect_timeout: 5s
        circuit_breakers:
          thresholds:
          - { max_connections: 100000, max_pending_requests: 100000, max_requests: 100000 }
        load_assignment:
          cluster_name: %2$s
          endpoints:
          - lb_endpoints:
            - endpoint:
                address: { socket_address: { address: %1$s, port_value: %3$d } }
    """
        .formatted(Place.HOST, name, port);
  }
}
