package io.zoneproxy.core.admin;

import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.Locality;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.balance.CircuitBreakers;
import io.zoneproxy.core.observe.ClusterStats;
import io.zoneproxy.core.observe.ClusterStatus;
import io.zoneproxy.core.observe.ClusterStatus.EndpointStatus;
import io.zoneproxy.core.observe.ListenerStats;
import io.zoneproxy.core.observe.ListenerStatus;
import io.zoneproxy.core.observe.ProxyView;
import io.zoneproxy.core.observe.ServerStats;
import io.zoneproxy.core.observe.StatsFixtures;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A proxy as the admin port sees it, without a proxy. */
public final class FakeProxy implements ProxyView {
  private final List<ListenerStatus> listeners = new CopyOnWriteArrayList<>();
  private final ServerStats server = new ServerStats();
  private volatile List<ClusterStatus> clusters = List.of();
  private volatile State state = State.LIVE;

  /** Adds a listener and gives its counters. */
  public ListenerStats listener(String name, String host, int port) {
    ListenerStats stats = StatsFixtures.listener(name);
    listeners.add(new ListenerStatus(name, new InetSocketAddress(host, port), stats));
    return stats;
  }

  /** Replaces all clusters. */
  public void clusters(List<ClusterStatus> now) {
    clusters = now;
  }

  /** Changes the state. */
  public void state(State now) {
    state = now;
  }

  /** A cluster of one endpoint in each zone named. */
  public static ClusterStatus cluster(String name, @Nullable ClusterStats stats, String... zones) {
    List<EndpointStatus> endpoints = new CopyOnWriteArrayList<>();
    for (String zone : zones) {
      HostPort address = new HostPort("10.9.1.21", 20_001 + endpoints.size());
      endpoints.add(
          new EndpointStatus(address, Locality.ofZone(zone), 0, 3, true, 1, 103, 2, Set.of()));
    }
    return new ClusterStatus(
        name, name.replace(':', '_'), endpoints, stats, CircuitBreakers.ENVOY, null, null);
  }

  @Override
  public State state() {
    return state;
  }

  @Override
  public List<ListenerStatus> listeners() {
    return listeners;
  }

  @Override
  public List<ClusterStatus> clusters() {
    return clusters;
  }

  @Override
  public ProxySnapshot snapshot() {
    return ProxySnapshot.EMPTY;
  }

  @Override
  public ServerStats server() {
    return server;
  }
}
