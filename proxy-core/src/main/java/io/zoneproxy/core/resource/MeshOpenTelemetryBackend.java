package io.zoneproxy.core.resource;

import io.zoneproxy.core.model.HostPort;

/**
 * A collector of OpenTelemetry that policies refer to by labels.
 *
 * @param endpoint where it is
 * @param overHttp it wants OTLP over HTTP, not over gRPC
 */
public record MeshOpenTelemetryBackend(Meta meta, HostPort endpoint, boolean overHttp)
    implements Resource {
  /** OpenTelemetry's port for gRPC. */
  public static final int DEFAULT_PORT = 4317;
}
