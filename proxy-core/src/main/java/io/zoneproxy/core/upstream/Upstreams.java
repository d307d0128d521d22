package io.zoneproxy.core.upstream;

import io.zoneproxy.core.model.balance.Destination;
import java.util.List;
import java.util.function.Function;

/** Where the connections of a chain go: one cluster, or one of several by weight. Any thread. */
public sealed interface Upstreams permits Picker, WeightedUpstreams {
  /** The chooser of endpoints for one connection, which keeps it for all its attempts. */
  Picker choose();

  /**
   * Those of a destination.
   *
   * @param clusters finds the running cluster of a name
   */
  static Upstreams of(Destination to, Function<String, Cluster> clusters) {
    if (to instanceof Destination.Split split) {
      List<Picker> pickers =
          split.shares().stream().map(share -> picker(share.to(), clusters)).toList();
      return new WeightedUpstreams(
          pickers, split.shares().stream().mapToInt(Destination.Share::weight).toArray());
    }
    return picker((Destination.ToCluster) to, clusters);
  }

  private static Picker picker(Destination.ToCluster to, Function<String, Cluster> clusters) {
    return clusters.apply(to.cluster()).picker(to.subset());
  }
}
