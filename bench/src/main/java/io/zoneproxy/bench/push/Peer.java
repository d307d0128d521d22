package io.zoneproxy.bench.push;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A proxy that takes its configuration from the control plane. */
interface Peer {
  /** For the report. */
  String name();

  /** What starts it. */
  List<String> command(Path folder, Plane plane) throws IOException;

  /** What need not be measured, and is done once. */
  default void prepare() throws IOException {}

  /** Beside the harness's own. */
  default Map<String, String> environment() {
    return Map.of();
  }

  /**
   * As users start it: the launcher, a zone ingress.
   *
   * @param repository that it was built in
   * @param javaOptions beside the launcher's own
   */
  record Zoneproxy(Path repository, String javaOptions) implements Peer {
    private static final int READINESS_PORT = 5_002;
    private static final int ADMIN_PORT = 5_001;

    @Override
    public String name() {
      return "zoneproxy";
    }

    @Override
    public Map<String, String> environment() {
      return Map.of(
          "ZONEPROXY_JAR",
          repository.resolve("proxy-egress/target/egress.jar").toString(),
          "ZONEPROXY_JAVA_OPTS",
          javaOptions);
    }

    private String launcher() {
      return repository.resolve("config/bin/zoneproxy").toString();
    }

    /** The launcher makes its archive of classes with the first start. */
    @Override
    public void prepare() throws IOException {
      ProcessBuilder builder = new ProcessBuilder(launcher(), "version").inheritIO();
      builder.environment().putAll(environment());
      Process process = builder.start();
      try {
        if (process.waitFor() != 0) {
          throw new IOException(launcher() + ": did not start (expected: mvn -DskipTests package)");
        }
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }

    @Override
    public List<String> command(Path folder, Plane plane) throws IOException {
      Path file = folder.resolve("ingress.yaml");
      Files.writeString(
          file,
          """
          type: ZoneIngress
          name: ingress-1
          networking:
            address: 127.0.0.1
            port: %1$d
            advertisedAddress: 127.0.0.1
            advertisedPort: %1$d
            admin: {port: %2$d}
          """
              .formatted(Services.PORT, ADMIN_PORT));
      Path token = folder.resolve("token");
      Files.writeString(token, "e30.e30.c2ln"); // the form of a JWT
      Path ca = folder.resolve("ca.pem");
      Files.writeString(ca, plane.ca());
      return List.of(
          launcher(),
          "run",
          "--proxy-type=ingress",
          "--cp-address=" + plane.address(),
          "--ca-cert-file=" + ca,
          "--dataplane-token-file=" + token,
          "--dataplane-file=" + file,
          "--work-dir=" + folder,
          "--readiness-port=" + READINESS_PORT,
          "--concurrency=1",
          "--access-log=off",
          "--drain-time=1s");
    }
  }

  /**
   * Envoy with one worker.
   *
   * @param binary as the set-up installed it
   */
  record Envoy(Path binary) implements Peer {
    @Override
    public String name() {
      return "Envoy";
    }

    @Override
    public List<String> command(Path folder, Plane plane) throws IOException {
      Path file = folder.resolve("envoy.yaml");
      Path ca = folder.resolve("ca.pem");
      Files.writeString(ca, plane.ca());
      Files.writeString(file, configuration(plane.streamPort(), ca));
      boolean ignored = binary.toFile().setExecutable(true); // a wheel may lose the bit
      return List.of(
          binary.toString(),
          "--disable-hot-restart",
          "--log-level",
          "error",
          "--concurrency",
          "1",
          "-c",
          file.toString());
    }

    /** Its limit of 15 s for the first of each type would make it begin with half of it. */
    private static String configuration(int port, Path ca) {
      return """
      node: { id: ingress-1, cluster: ingress }
      dynamic_resources:
        ads_config:
          api_type: DELTA_GRPC
          transport_api_version: V3
          grpc_services: [{ envoy_grpc: { cluster_name: ads } }]
        cds_config: { resource_api_version: V3, initial_fetch_timeout: 0s, ads: {} }
        lds_config: { resource_api_version: V3, initial_fetch_timeout: 0s, ads: {} }
      static_resources:
        clusters:
        - name: ads
          type: STATIC
          connect_timeout: 5s
          typed_extension_protocol_options:
            envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
              "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
              explicit_http_config: { http2_protocol_options: {} }
          transport_socket:
            name: tls
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
              sni: localhost
              common_tls_context:
                alpn_protocols: [h2]
                validation_context: { trusted_ca: { filename: %2$s } }
          load_assignment:
            cluster_name: ads
            endpoints:
            - lb_endpoints:
              - endpoint:
                  address: { socket_address: { address: 127.0.0.1, port_value: %1$d } }
      """
          .formatted(port, ca);
    }
  }
}
