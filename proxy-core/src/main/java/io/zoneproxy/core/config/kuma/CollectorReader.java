package io.zoneproxy.core.config.kuma;

import io.zoneproxy.core.config.yaml.Fields;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.resource.MeshOpenTelemetryBackend;
import io.zoneproxy.core.resource.Meta;
import java.util.List;
import java.util.Optional;

/** Reads {@code MeshOpenTelemetryBackend}. */
final class CollectorReader {
  /** Without an address it is on the same machine. */
  private static final String HERE = "127.0.0.1";

  private CollectorReader() {}

  static Optional<MeshOpenTelemetryBackend> read(Meta meta, Fields spec, ResourceReader.Use use) {
    if (spec.has("env")) {
      spec.warning(
          "env",
          "variables of OpenTelemetry are not looked at (expected: endpoint.address and .port)");
    }
    Optional<Fields> endpoint = spec.mapping("endpoint");
    endpoint.ifPresent(fields -> fields.known(List.of("address", "port", "path")));
    String host = endpoint.map(fields -> Addresses.optional(fields, "address")).orElse("");
    int port = endpoint.map(fields -> fields.optionalPort("port")).orElse(0);
    return Optional.of(
        new MeshOpenTelemetryBackend(
            meta,
            new HostPort(
                host.isEmpty() ? HERE : host,
                port == 0 ? MeshOpenTelemetryBackend.DEFAULT_PORT : port),
            spec.choice("protocol", List.of("grpc", "http")).equals("http")));
  }
}
