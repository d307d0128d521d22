package io.zoneproxy.core.model.balance;

import java.util.List;
import java.util.Map;

/** Where a connection or a request goes. */
public sealed interface Destination {
  /**
   * One cluster.
   *
   * @param cluster name of a cluster of the snapshot
   * @param subset tags that the endpoint must carry; empty means any endpoint of the cluster
   */
  record ToCluster(String cluster, Map<String, String> subset) implements Destination {
    public ToCluster {
      subset = Map.copyOf(subset);
    }
  }

  /**
   * One of several clusters, by weight.
   *
   * @param shares at least one
   */
  record Split(List<Share> shares) implements Destination {
    public Split {
      shares = List.copyOf(shares);
      if (shares.isEmpty()) {
        throw new IllegalArgumentException("split: no shares (expected: at least one)");
      }
    }
  }

  /**
   * A cluster of a {@link Split}.
   *
   * @param weight 0 for none
   */
  record Share(ToCluster to, int weight) {
    public Share {
      if (weight < 0) {
        throw new IllegalArgumentException("weight: " + weight + " (expected: >= 0)");
      }
    }
  }

  /** All clusters it may go to. */
  default List<ToCluster> clusters() {
    return this instanceof Split split
        ? split.shares().stream().map(Share::to).toList()
        : List.of((ToCluster) this);
  }
}
