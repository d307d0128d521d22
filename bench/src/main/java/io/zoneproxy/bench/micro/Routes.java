package io.zoneproxy.bench.micro;

import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ClusterPolicy;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.EndpointSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.Locality;
import io.zoneproxy.core.model.LocalityEndpoints;
import io.zoneproxy.core.model.ProxySnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A configuration of many services, as a zone ingress gets it: each has a name in tag form, a
 * cluster and an endpoint of its own. The same number gives the same routes.
 */
final class Routes {
  private static final int PORT = 8080;
  private static final Locality LOCALITY = Locality.ofZone("east"); // one, as the translator has
  private static final int LOW_16_BITS = 0xffff;
  private static final int LOW_BYTE = 0xff;

  private final List<ChainSpec> chains;
  private final Map<String, ClusterSpec> clusters;

  private Routes(List<ChainSpec> chains, Map<String, ClusterSpec> clusters) {
    this.chains = chains;
    this.clusters = clusters;
  }

  /** So many routes, each by its exact server name. */
  static Routes exact(int count) {
    return make(count, "%s{mesh=default}");
  }

  /** So many routes, each by the end of a server name. */
  static Routes wildcards(int count) {
    return make(count, "*.%s.mesh.local");
  }

  private static Routes make(int count, String serverName) {
    List<ChainSpec> chains = new ArrayList<>(count);
    Map<String, ClusterSpec> clusters = new HashMap<>();
    for (int i = 0; i < count; i++) {
      String service = "service-%06d".formatted(i);
      String cluster = "default:" + service;
      chains.add(ChainSpec.passthrough(serverName.formatted(service), cluster, Map.of()));
      clusters.put(cluster, cluster(cluster, i, 0));
    }
    return new Routes(chains, clusters);
  }

  private static ClusterSpec cluster(String name, int number, int generation) {
    String host =
        "10.%d.%d.%d"
            .formatted(
                (generation << 2) | (number >> 16), (number & LOW_16_BITS) >> 8, number & LOW_BYTE);
    EndpointSpec endpoint = new EndpointSpec(new HostPort(host, PORT), 1, Map.of());
    return new ClusterSpec(
        name,
        List.of(new LocalityEndpoints(LOCALITY, 0, List.of(endpoint))),
        ClusterPolicy.DEFAULT);
  }

  /** One chain a route. */
  List<ChainSpec> chains() {
    return chains;
  }

  /** One cluster a route, by name. */
  Map<String, ClusterSpec> clusters() {
    return clusters;
  }

  /** The server names as configured. */
  List<String> serverNames() {
    return chains.stream().map(ChainSpec::serverName).toList();
  }

  /** All of them at one listener, on a port of the kernel's choice. */
  ProxySnapshot snapshot() {
    ListenerSpec listener =
        new ListenerSpec("inbound:127.0.0.1:0", new HostPort("127.0.0.1", 0), chains);
    return new ProxySnapshot(List.of(listener), clusters);
  }

  /** The same, but for the endpoint of one cluster: what a control plane pushes most often. */
  Routes withOneEndpointMoved() {
    Map<String, ClusterSpec> changed = new HashMap<>(clusters);
    changed.computeIfPresent("default:service-000007", (name, spec) -> cluster(name, 7, 1));
    return new Routes(chains, changed);
  }
}
