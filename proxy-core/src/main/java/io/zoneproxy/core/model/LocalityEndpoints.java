package io.zoneproxy.core.model;

import java.util.List;

/**
 * The endpoints of one locality.
 *
 * @param locality where they are
 * @param priority 0 is used first; a higher one only when no lower one has enough usable endpoints.
 *     Gaps are legal: Kuma sends priority 1 alone
 * @param weight share among the localities of its priority, when the cluster says that it counts; 0
 *     = none said
 * @param endpoints in no particular order
 */
public record LocalityEndpoints(
    Locality locality, int priority, int weight, List<EndpointSpec> endpoints) {
  public LocalityEndpoints {
    if (priority < 0) {
      throw new IllegalArgumentException("priority: " + priority + " (expected: >= 0)");
    }
    endpoints = List.copyOf(endpoints);
  }

  /** A locality without a weight. */
  public LocalityEndpoints(Locality locality, int priority, List<EndpointSpec> endpoints) {
    this(locality, priority, 0, endpoints);
  }
}
