package io.zoneproxy.core.relay;

import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.zoneproxy.core.config.ProxyConfig;
import io.zoneproxy.core.listener.BindException;
import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ClusterPolicy;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.EndpointSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.Locality;
import io.zoneproxy.core.model.LocalityEndpoints;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.observe.ConnectionObserver;
import io.zoneproxy.core.observe.ConnectionRecord;
import io.zoneproxy.core.observe.ServerStats;
import io.zoneproxy.core.relay.portable.Transport;
import io.zoneproxy.core.route.ChainEngine;
import io.zoneproxy.core.runtime.ProxyRuntime;
import io.zoneproxy.core.runtime.Relays;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A proxy with one listener for tests; a hello is a line with the server name. */
public final class TestProxy implements AutoCloseable {
  public static final String LISTENER = "inbound:test";

  public final BlockingQueue<ConnectionRecord> closed = new LinkedBlockingQueue<>();
  public final BlockingQueue<ConnectionRecord> connected = new LinkedBlockingQueue<>();
  public final ServerStats server = new ServerStats();
  public final ProxyRuntime runtime;
  private final EventLoopGroup loops;
  private final EventLoopGroup control;

  /** Where the relay makes no difference. */
  public TestProxy(ProxyConfig config, int threads) {
    this(Relays.best(), config, threads);
  }

  public TestProxy(RelayKind relay, ProxyConfig config, int threads) {
    this(relay.make(), config, threads);
  }

  /** With a relay of the test's own. */
  public TestProxy(Relay relay, ProxyConfig config, int threads) {
    this(relay, LinePeek::new, config, threads);
  }

  /** With a parser of the test's own. */
  public TestProxy(Relay relay, Peek.Factory peek, ProxyConfig config, int threads) {
    this(new ProxyRuntime.DataPath(relay, peek, ChainEngine.NONE), config, threads);
  }

  /** With chains that are more than a relay. */
  public TestProxy(ProxyRuntime.DataPath path, ProxyConfig config, int threads) {
    Relay relay = path.relay();
    loops = relay.loops(threads, "test");
    control = Transport.loops(1, "test-control");
    runtime = new ProxyRuntime(config, path, loops, control.next(), observer(), server);
  }

  private ConnectionObserver observer() {
    return new ConnectionObserver() {
      @Override
      public void onClosed(ConnectionRecord record) {
        closed.add(record);
      }

      @Override
      public void onConnected(ConnectionRecord record) {
        connected.add(record);
      }
    };
  }

  /** Routes each name to a cluster of these endpoints. */
  public TestProxy route(Map<String, List<HostPort>> endpointsByName) {
    apply(snapshot(endpointsByName));
    return this;
  }

  public void apply(ProxySnapshot snapshot) {
    try {
      runtime.apply(snapshot);
    } catch (BindException e) {
      throw new IllegalStateException(e);
    }
  }

  public static ProxySnapshot snapshot(Map<String, List<HostPort>> endpointsByName) {
    List<ChainSpec> chains =
        endpointsByName.keySet().stream()
            .map(name -> ChainSpec.passthrough(name, "cluster:" + name, Map.of()))
            .toList();
    Map<String, ClusterSpec> clusters = new java.util.HashMap<>();
    endpointsByName.forEach(
        (name, hosts) -> clusters.put("cluster:" + name, cluster("cluster:" + name, hosts)));
    ListenerSpec listener = new ListenerSpec(LISTENER, new HostPort("127.0.0.1", 0), chains);
    return new ProxySnapshot(List.of(listener), clusters);
  }

  private static ClusterSpec cluster(String name, List<HostPort> hosts) {
    List<EndpointSpec> endpoints =
        hosts.stream().map(host -> new EndpointSpec(host, 1, Map.of())).toList();
    return new ClusterSpec(
        name,
        List.of(new LocalityEndpoints(Locality.ofZone("east"), 0, endpoints)),
        ClusterPolicy.DEFAULT);
  }

  /** Keeps its event loops from doing anything; returns when they are held. */
  public void hold(CountDownLatch until) throws InterruptedException {
    for (EventExecutor loop : loops) {
      CountDownLatch held = new CountDownLatch(1);
      loop.execute(
          () -> {
            held.countDown();
            try {
              until.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
      held.await();
    }
  }

  public int port() {
    return runtime.listeners().get(0).address().getPort();
  }

  /** Dials the proxy, without a byte. */
  public Socket dial() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port());
    socket.setSoTimeout(20_000);
    return socket;
  }

  /** Dials the proxy and says hello. */
  public Socket dial(String serverName) throws IOException {
    Socket socket = dial();
    socket.getOutputStream().write((serverName + "\n").getBytes(StandardCharsets.UTF_8));
    return socket;
  }

  /** The next connection's record. */
  public ConnectionRecord nextClosed() {
    try {
      ConnectionRecord record = closed.poll(20, TimeUnit.SECONDS);
      if (record == null) {
        throw new AssertionError("no connection has ended");
      }
      return record;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    runtime.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    control.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
