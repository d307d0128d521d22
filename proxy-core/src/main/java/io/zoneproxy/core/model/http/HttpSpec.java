package io.zoneproxy.core.model.http;

import io.zoneproxy.core.model.log.AccessLogSpec;
import io.zoneproxy.core.model.policy.Cidr;
import java.util.List;
import java.util.Optional;

/**
 * A chain that speaks HTTP with the downstream (Envoy: {@code HttpConnectionManager}). The version
 * is found by what is sent: HTTP/2 has a preface.
 *
 * @param name in statistics
 * @param timeouts limits in time
 * @param filters in order; the last one is the router
 * @param routes where requests go
 * @param internal addresses of peers whose {@code x-envoy-} headers are believed
 * @param accessLogs one record a request each
 * @param tracing empty = off
 */
public record HttpSpec(
    String name,
    HttpTimeouts timeouts,
    List<HttpFilter> filters,
    RouteTable routes,
    List<Cidr> internal,
    List<AccessLogSpec> accessLogs,
    Optional<TracingSpec> tracing) {
  public HttpSpec {
    filters = List.copyOf(filters);
    internal = List.copyOf(internal);
    accessLogs = List.copyOf(accessLogs);
  }
}
