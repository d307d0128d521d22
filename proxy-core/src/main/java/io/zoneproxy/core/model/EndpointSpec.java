package io.zoneproxy.core.model;

import java.util.Map;

/**
 * One address of a cluster.
 *
 * @param address where to dial; a name is resolved by the proxy and refreshed
 * @param weight share among the endpoints of its priority; at least 1
 * @param tags what a subset is chosen by (Envoy: metadata {@code envoy.lb})
 */
public record EndpointSpec(HostPort address, int weight, Map<String, String> tags) {
  public EndpointSpec {
    if (weight < 1) {
      throw new IllegalArgumentException("weight: " + weight + " (expected: >= 1)");
    }
    tags = Map.copyOf(tags);
  }
}
