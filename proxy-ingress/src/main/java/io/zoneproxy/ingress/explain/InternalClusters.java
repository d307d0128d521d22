package io.zoneproxy.ingress.explain;

import io.zoneproxy.core.model.Address;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.EndpointSpec;
import io.zoneproxy.core.model.Pipe;
import io.zoneproxy.core.model.ProxySnapshot;
import java.util.List;
import java.util.Set;

/** Clusters that are parts of the proxy itself: Kuma names them, this process serves them. */
final class InternalClusters {
  /** Envoy's admin interface, the readiness reporter and the metrics endpoint beside it. */
  private static final Set<String> NAMES =
      Set.of(
          "kuma:envoy:admin",
          "system_envoy_admin",
          "kuma:readiness",
          "system_probe_readiness",
          "_kuma:metrics:hijacker");

  /** Metrics with unified names; the backend's name follows. */
  private static final String METRICS = "system_meshmetric_prometheus_";

  /** The whole of 127.0.0.0/8 is the loopback. */
  private static final String LOOPBACK = "127.";

  private static final Set<String> OTHER_LOOPBACKS = Set.of("::1", "0:0:0:0:0:0:0:1", "localhost");

  private InternalClusters() {}

  /** Whether requests for this cluster stay in the proxy: by its name, and by where it is. */
  static boolean serve(String cluster, ProxySnapshot snapshot) {
    String name = cluster.substring(cluster.indexOf('/') + 1); // of several roles
    if (!NAMES.contains(name) && !name.startsWith(METRICS)) {
      return false;
    }
    ClusterSpec known = snapshot.clusters().get(cluster);
    return known == null
        || known.localities().stream()
            .map(group -> group.endpoints())
            .flatMap(List::stream)
            .map(EndpointSpec::address)
            .allMatch(InternalClusters::isHere);
  }

  private static boolean isHere(Address address) {
    return address instanceof Pipe
        || address.host().startsWith(LOOPBACK)
        || OTHER_LOOPBACKS.contains(address.host());
  }
}
