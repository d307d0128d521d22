package io.zoneproxy.cp.translate.cluster;

import io.zoneproxy.core.model.ClusterPolicy;
import io.zoneproxy.core.model.ClusterPolicy.Spread;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.LocalityEndpoints;
import io.zoneproxy.cp.translate.value.Interned;
import java.util.List;

/**
 * A load assignment.
 *
 * @param localities none is legal: the cluster has no endpoints
 * @param overprovisioningPercent 100 or more; {@link #NOT_SAID} leaves Envoy's default
 */
public record Assignment(List<LocalityEndpoints> localities, int overprovisioningPercent) {
  /** The cluster's own stays. */
  public static final int NOT_SAID = 0;

  /** No endpoints: what a cluster has whose assignment does not come. */
  public static final Assignment NONE = new Assignment(List.of(), NOT_SAID);

  public Assignment {
    localities = List.copyOf(localities);
  }

  /** The cluster with these endpoints. */
  public ClusterSpec in(ClusterSpec cluster, Interned interned) {
    return new ClusterSpec(
        cluster.name(), cluster.statName(), localities, in(cluster.policy(), interned));
  }

  ClusterPolicy in(ClusterPolicy policy, Interned interned) {
    Spread spread = policy.spread();
    if (overprovisioningPercent == NOT_SAID
        || overprovisioningPercent == spread.overprovisioningPercent()) {
      return policy;
    }
    return interned.one(
        new ClusterPolicy(
            policy.connectTimeout(),
            policy.balancing(),
            new Spread(
                overprovisioningPercent,
                spread.panicPercent(),
                spread.failOnPanic(),
                spread.localityWeighted()),
            policy.subsets(),
            policy.limits(),
            policy.outliers(),
            policy.healthCheck(),
            policy.http(),
            policy.tls(),
            policy.dns()));
  }
}
