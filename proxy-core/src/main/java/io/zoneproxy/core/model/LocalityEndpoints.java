package io.zoneproxy.core.model;

import java.util.List;

/**
 * The endpoints of one locality.
 *
 * @param locality where they are
 * @param priority 0 is used first; a higher one only when no lower one has a usable endpoint. Gaps
 *     are legal: Kuma sends priority 1 alone
 * @param endpoints in no particular order
 */
public record LocalityEndpoints(Locality locality, int priority, List<EndpointSpec> endpoints) {
  public LocalityEndpoints {
    if (priority < 0) {
      throw new IllegalArgumentException("priority: " + priority + " (expected: >= 0)");
    }
    endpoints = List.copyOf(endpoints);
  }
}
