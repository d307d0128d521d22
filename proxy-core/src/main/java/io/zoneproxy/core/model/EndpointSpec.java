package io.zoneproxy.core.model;

import java.util.Map;

/**
 * One address of a cluster.
 *
 * @param address where to dial; a name is resolved by the proxy and refreshed
 * @param weight share among the endpoints of its locality; at least 1
 * @param healthy false when the control plane says that it is not
 * @param tags what a subset is chosen by (Envoy: metadata {@code envoy.lb})
 * @param tlsMatch what TLS is chosen by (Envoy: metadata {@code envoy.transport_socket_match});
 *     should be the same object as {@code tags} when equal
 */
public record EndpointSpec(
    Address address,
    int weight,
    boolean healthy,
    Map<String, String> tags,
    Map<String, String> tlsMatch) {
  public EndpointSpec {
    if (weight < 1) {
      throw new IllegalArgumentException("weight: " + weight + " (expected: >= 1)");
    }
    tags = Map.copyOf(tags);
    tlsMatch = Map.copyOf(tlsMatch);
  }

  /** A healthy endpoint without a word on TLS. */
  public EndpointSpec(Address address, int weight, Map<String, String> tags) {
    this(address, weight, true, tags, Map.of());
  }
}
