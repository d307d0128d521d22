package io.zoneproxy.bench.micro;

import io.netty.channel.EventLoopGroup;
import io.zoneproxy.core.config.HelloLimits;
import io.zoneproxy.core.config.ProxyConfig;
import io.zoneproxy.core.listener.BindException;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.observe.ConnectionObserver;
import io.zoneproxy.core.observe.ServerStats;
import io.zoneproxy.core.relay.Relay;
import io.zoneproxy.core.route.SniTable;
import io.zoneproxy.core.runtime.ProxyRuntime;
import io.zoneproxy.core.runtime.Relays;
import io.zoneproxy.core.upstream.Cluster;
import io.zoneproxy.core.upstream.ClusterContext;
import io.zoneproxy.core.upstream.NameTable;
import io.zoneproxy.tls.hello.ClientHelloParser;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** A proxy in this process, as the programs put it together, without an admin port. */
final class Serving implements AutoCloseable {
  private static final int LOOPS = 2;
  private static final int MAX_CONNECTIONS = 1000; // none is made

  private final EventLoopGroup loops;
  private final EventLoopGroup control;
  private final ProxyRuntime runtime;

  Serving() {
    Relay relay = Relays.best();
    loops = relay.loops(LOOPS, "bench");
    control = relay.loops(1, "bench-control");
    runtime =
        new ProxyRuntime(
            ProxyConfig.withMaxConnections(MAX_CONNECTIONS),
            relay,
            ClientHelloParser.factory(HelloLimits.DEFAULT),
            loops,
            control.next(),
            ConnectionObserver.NONE,
            new ServerStats());
  }

  /** Returns when the proxy serves these routes. */
  void apply(ProxySnapshot snapshot) {
    try {
      runtime.apply(snapshot);
    } catch (BindException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The table alone, with clusters of its own. */
  static SniTable table(Routes routes) {
    return table(routes, clusters(routes));
  }

  /** The table alone. */
  static SniTable table(Routes routes, Map<String, Cluster> clusters) {
    return SniTable.of(routes.chains(), name -> Objects.requireNonNull(clusters.get(name), name));
  }

  /** Running clusters, whose endpoints have literal addresses. */
  static Map<String, Cluster> clusters(Routes routes) {
    NameTable names =
        new NameTable(
            host -> {
              throw new IllegalStateException(host + ": a name (expected: an address)");
            });
    Map<String, Cluster> clusters = new HashMap<>();
    ClusterContext context = new ClusterContext(names, null);
    routes.clusters().forEach((name, spec) -> clusters.put(name, new Cluster(spec, context)));
    return clusters;
  }

  /** Returns when the port is free and the threads are gone. */
  @Override
  public void close() {
    runtime.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    control.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
