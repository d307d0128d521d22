package io.zoneproxy.egress.driven;

import io.netty.channel.EventLoopGroup;
import io.zoneproxy.core.config.ProxyConfig;
import io.zoneproxy.core.config.RelayConfig;
import io.zoneproxy.core.config.RemovalPolicy;
import io.zoneproxy.core.export.Collectors;
import io.zoneproxy.core.observe.ConnectionRecord;
import io.zoneproxy.core.observe.ServerStats;
import io.zoneproxy.core.observe.access.ChainAccessLogs;
import io.zoneproxy.core.observe.request.HttpStatsTable;
import io.zoneproxy.core.observe.request.RequestObserver;
import io.zoneproxy.core.relay.portable.Transport;
import io.zoneproxy.egress.EgressRole;
import io.zoneproxy.ingress.IngressRole;
import io.zoneproxy.ingress.ProxyRole;
import io.zoneproxy.ingress.ZoneProxy;
import io.zoneproxy.ingress.controlplane.ControlPlaneConfig;
import io.zoneproxy.ingress.controlplane.ControlPlaneServer;
import io.zoneproxy.ingress.controlplane.Features;
import io.zoneproxy.ingress.controlplane.LastKnownGood;
import io.zoneproxy.ingress.controlplane.ManagedProxy;
import io.zoneproxy.ingress.controlplane.ProxyHost;
import io.zoneproxy.ingress.controlplane.TokenOrigin;
import io.zoneproxy.ingress.driven.DrivenProxies;
import io.zoneproxy.ingress.driven.OwnServices;
import io.zoneproxy.ingress.serve.ServedChains;
import io.zoneproxy.ingress.telemetry.ChainLogs;
import io.zoneproxy.ingress.telemetry.Telemetry;
import io.zoneproxy.tls.context.ClientContexts;
import io.zoneproxy.tls.context.TlsContexts;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A proxy in the test's JVM that a control plane drives, put together as the program does. */
final class DrivenProxy implements AutoCloseable {
  /** Longer than anything takes that works. */
  private static final int PATIENCE_SECONDS = 20;

  /** Ends of connections, in their order. */
  final BlockingQueue<ConnectionRecord> closed = new LinkedBlockingQueue<>();

  final ZoneProxy proxy;
  final DrivenProxies driven;
  private final TlsContexts tls = new TlsContexts();
  private final ClientContexts begins = new ClientContexts();
  private final Collectors collectors;
  private final ChainAccessLogs chainLogs;
  private final EventLoopGroup loops = Transport.loops(1, "driven-io");

  private DrivenProxy(DrivenZone zone, RemovalPolicy policy, List<ManagedProxy> proxies) {
    ControlPlaneConfig config = config(zone, proxies);
    ServerStats stats = new ServerStats();
    collectors = Telemetry.collectors(config, stats);
    chainLogs = new ChainAccessLogs(stats, collectors);
    ChainLogs logs = new ChainLogs(closed::add, RequestObserver.NONE, chainLogs);
    ProxyConfig limits = ProxyConfig.withMaxConnections(Integer.MAX_VALUE);
    proxy =
        ZoneProxy.builder()
            .config(
                new ProxyConfig(
                    limits.hello(), limits.relay(), limits.limits(), limits.drain(), policy))
            .concurrency(1)
            .observer(logs)
            .engine(
                new ServedChains(
                    tls,
                    begins,
                    new OwnServices(config).byAddress(),
                    RelayConfig.DEFAULT,
                    logs,
                    new HttpStatsTable(),
                    collectors))
            .stats(stats)
            .startEmpty();
    collectors.begin(proxy::cluster);
    driven =
        new DrivenProxies(
            config, proxy, "1.0", false, loops, new Telemetry(logs, collectors)::apply);
    driven.start();
  }

  static DrivenProxy start(DrivenZone zone, String type) throws IOException {
    return start(zone, RemovalPolicy.DRAIN, type);
  }

  /** Starts it in these roles. */
  static DrivenProxy start(DrivenZone zone, RemovalPolicy policy, String... types)
      throws IOException {
    List<ManagedProxy> proxies =
        List.of(types).stream()
            .map(
                type ->
                    ManagedProxy.known(role(type), type + "-1", "")
                        .with(new TokenOrigin.File(zone.token)))
            .toList();
    return new DrivenProxy(zone, policy, proxies);
  }

  private static ProxyRole role(String type) {
    return type.equals(DrivenZone.EGRESS) ? new EgressRole() : new IngressRole();
  }

  private static ControlPlaneConfig config(DrivenZone zone, List<ManagedProxy> proxies) {
    URI address = zone.controlPlane.address();
    return new ControlPlaneConfig(
        new ControlPlaneServer(
            address.getHost(),
            address.getPort(),
            zone.controlPlane.caPem(),
            Optional.empty(),
            false,
            Duration.ofMillis(50),
            Duration.ofMinutes(1)),
        proxies,
        new ProxyHost(
            9902,
            zone.folder,
            Optional.empty(),
            false,
            Optional.empty(),
            Optional.empty(),
            Map.of()),
        new Features(true, false, false, Optional.empty(), true),
        new LastKnownGood(false, Duration.ofHours(1), Optional.empty()));
  }

  /** The next connection's end. */
  ConnectionRecord nextClosed() throws InterruptedException {
    ConnectionRecord record = closed.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (record == null) {
      throw new AssertionError("no connection has ended");
    }
    return record;
  }

  /** Whether a chain takes this name. */
  boolean routes(String serverName) {
    return proxy.view().snapshot().listeners().stream()
        .flatMap(listener -> listener.chains().stream())
        .anyMatch(chain -> chain.serverName().equals(serverName));
  }

  /** Whether there is this cluster. */
  boolean has(String cluster) {
    return proxy.view().snapshot().clusters().containsKey("default:" + cluster);
  }

  @Override
  public void close() {
    driven.close();
    proxy.close();
    chainLogs.close();
    collectors.close();
    tls.close();
    begins.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
