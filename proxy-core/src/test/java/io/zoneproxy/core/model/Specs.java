package io.zoneproxy.core.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Short ways to write configuration in tests. */
public final class Specs {
  private Specs() {}

  /** An endpoint without tags. */
  public static EndpointSpec endpoint(String host, int port, int weight) {
    return new EndpointSpec(new HostPort(host, port), weight, Map.of());
  }

  /** The endpoints of zone east at this priority. */
  public static LocalityEndpoints locality(int priority, EndpointSpec... endpoints) {
    return new LocalityEndpoints(Locality.ofZone("east"), priority, List.of(endpoints));
  }

  public static ClusterSpec cluster(String name, LocalityEndpoints... localities) {
    return new ClusterSpec(name, List.of(localities), ClusterPolicy.DEFAULT);
  }

  /** A cluster of endpoints of weight 1. */
  public static ClusterSpec cluster(String name, List<HostPort> addresses) {
    return cluster(
        name,
        locality(
            0,
            addresses.stream()
                .map(address -> new EndpointSpec(address, 1, Map.of()))
                .toArray(EndpointSpec[]::new)));
  }

  /** A chain to the cluster {@code to}. */
  public static ChainSpec chain(String serverName, String to) {
    return ChainSpec.passthrough(serverName, to, Map.of());
  }

  public static ListenerSpec listener(String name, HostPort address, ChainSpec... chains) {
    return new ListenerSpec(name, address, List.of(chains));
  }

  /** Any free port of 127.0.0.1. */
  public static HostPort anyPort() {
    return new HostPort("127.0.0.1", 0);
  }

  public static ProxySnapshot snapshot(List<ListenerSpec> listeners, ClusterSpec... clusters) {
    Map<String, ClusterSpec> byName = new HashMap<>();
    Arrays.stream(clusters).forEach(cluster -> byName.put(cluster.name(), cluster));
    return new ProxySnapshot(new ArrayList<>(listeners), byName);
  }
}
