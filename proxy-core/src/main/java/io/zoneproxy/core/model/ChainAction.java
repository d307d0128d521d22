package io.zoneproxy.core.model;

import java.util.Map;

/** What a filter chain does with a connection that it matched. */
public sealed interface ChainAction {
  /**
   * Relays the bytes, TLS untouched, to an endpoint of a cluster.
   *
   * @param cluster name of a {@link ClusterSpec} of the same snapshot
   * @param subset tags that the endpoint must carry; empty means any endpoint of the cluster
   */
  record Passthrough(String cluster, Map<String, String> subset) implements ChainAction {
    public Passthrough {
      subset = Map.copyOf(subset);
    }
  }
}
