package io.zoneproxy.core.http;

import io.zoneproxy.core.model.Address;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.EndpointSpec;
import io.zoneproxy.core.model.balance.Destination;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the part of this proxy that a cluster means.
 *
 * @param clusters of the snapshot
 * @param parts by address
 */
record OwnClusters(Map<String, ClusterSpec> clusters, Map<Address, HttpService> parts) {
  /** The one service behind a destination; empty when it is not, or not only, a part of us. */
  Optional<HttpService> behind(Destination destination) {
    if (!(destination instanceof Destination.ToCluster to)) {
      return Optional.empty();
    }
    ClusterSpec cluster = clusters.get(to.cluster());
    if (cluster == null) {
      return Optional.empty();
    }
    List<Optional<HttpService>> services =
        cluster.localities().stream()
            .flatMap(locality -> locality.endpoints().stream())
            .map(EndpointSpec::address)
            .map(address -> Optional.ofNullable(parts.get(address)))
            .distinct()
            .toList();
    return services.size() == 1 ? services.get(0) : Optional.empty();
  }
}
