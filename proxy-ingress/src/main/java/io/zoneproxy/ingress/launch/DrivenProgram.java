package io.zoneproxy.ingress.launch;

import io.netty.channel.EventLoopGroup;
import io.zoneproxy.core.admin.AdminServer;
import io.zoneproxy.core.admin.LoggingEndpoint;
import io.zoneproxy.core.admin.MetricsService;
import io.zoneproxy.core.admin.ReadinessServer;
import io.zoneproxy.core.admin.stats.ServerInfo;
import io.zoneproxy.core.http.InternalHttp;
import io.zoneproxy.core.observe.ListenerStatus;
import io.zoneproxy.core.observe.ProxyView;
import io.zoneproxy.core.observe.ServerStats;
import io.zoneproxy.core.observe.access.ChainAccessLogs;
import io.zoneproxy.core.relay.portable.Transport;
import io.zoneproxy.cp.fields.XdsTypes;
import io.zoneproxy.ingress.ZoneProxy;
import io.zoneproxy.ingress.controlplane.ControlPlaneConfig;
import io.zoneproxy.ingress.controlplane.ManagedProxy;
import io.zoneproxy.ingress.driven.ChainLogs;
import io.zoneproxy.ingress.driven.ConfigDumpEndpoint;
import io.zoneproxy.ingress.driven.DrivenProxies;
import io.zoneproxy.ingress.driven.OwnServices;
import io.zoneproxy.ingress.flags.RunOptions;
import io.zoneproxy.ingress.flags.UsageException;
import io.zoneproxy.ingress.inspect.ExplainEndpoint;
import io.zoneproxy.tls.context.TlsContexts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of the process that a control plane drives, to the exit code. */
public final class DrivenProgram implements ControlPlaneProgram {
  private static final Logger log = LoggerFactory.getLogger(DrivenProgram.class);

  /**
   * Reading the descriptors of Envoy's messages takes as long as all the rest before they are
   * needed.
   */
  @Override
  public void prepare() {
    Thread reading = new Thread(XdsTypes::prepare, "zoneproxy-descriptors");
    reading.setDaemon(true);
    reading.start();
  }

  @Override
  public int run(ControlPlaneConfig config, RunOptions options, Map<String, String> environment) {
    ServerStats stats = new ServerStats();
    OwnServices parts = new OwnServices(config);
    ServerInfo info =
        new ServerInfo(VersionCommand.version(), options.loops(), Instant.now())
            .withOption("drain_time", options.drainTime().toSeconds() + "s");
    EventLoopGroup loops = Transport.loops(1, "zoneproxy-cp-io");
    try (TlsContexts tls = new TlsContexts();
        AccessLogTarget access = AccessLogTarget.open(options, stats);
        ChainAccessLogs chainLogs = new ChainAccessLogs(stats);
        ZoneProxy proxy =
            ZoneProxy.builder()
                .config(options.proxyConfig())
                .concurrency(options.loops())
                .observer(new ChainLogs(access.observer(), chainLogs))
                .stats(stats)
                .engine(new InternalHttp(tls, parts.byAddress()))
                .startEmpty();
        DrivenProxies driven =
            driven(config, proxy, loops, new ChainLogs(access.observer(), chainLogs));
        Shutdown shutdown = new Shutdown(proxy, driven::onDrain);
        AdminServer admin = admin(proxy, driven, withCertificates(info, tls, proxy), shutdown);
        ReadinessServer readiness = new ReadinessServer(proxy.controlLoop(), proxy.view()::state)) {
      parts.admin().set(admin.service());
      parts.readiness().set(readiness.service());
      parts
          .metrics()
          .set(
              MetricsService.of(
                  proxy.controlLoop(), proxy.view(), withCertificates(info, tls, proxy)));
      Signals.handle(shutdown::onSignal);
      Signals.handleDrain(shutdown::onDrainSignal);
      bind(config, parts, admin, readiness, options.readinessAddress(environment));
      driven.failed().thenAccept(shutdown::onFailure);
      driven.start();
      sayReady(config, proxy);
      return shutdown.await();
    } catch (IOException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    } finally {
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
  }

  private static ServerInfo withCertificates(ServerInfo info, TlsContexts tls, ZoneProxy proxy) {
    return info.withCertificates(tls.inventory(proxy.view()::snapshot));
  }

  private static DrivenProxies driven(
      ControlPlaneConfig config, ZoneProxy proxy, EventLoopGroup loops, ChainLogs chainLogs) {
    XdsTypes.prepare();
    return new DrivenProxies(
        config,
        proxy,
        VersionCommand.version(),
        config.lastKnownGood().kept(),
        loops,
        chainLogs::apply);
  }

  private static AdminServer admin(
      ZoneProxy proxy, DrivenProxies driven, ServerInfo info, Shutdown shutdown) {
    return new AdminServer(
        proxy.controlLoop(),
        proxy.view(),
        info.withNode(driven::node),
        shutdown,
        List.of(
            new ExplainEndpoint(proxy.view()),
            new ConfigDumpEndpoint(driven.sessions()),
            new LoggingEndpoint(new LogbackLevels())));
  }

  private static void bind(
      ControlPlaneConfig config,
      OwnServices parts,
      AdminServer admin,
      ReadinessServer readiness,
      InetSocketAddress probed)
      throws IOException {
    admin.start(parts.adminSocket());
    int port = config.adminPort() > 0 ? config.adminPort() : OwnServices.DEFAULT_ADMIN_PORT;
    try {
      admin.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      // kuma-dp has only the socket; this is for inspection from the host.
      log.warn("{}; the admin interface is at {} alone", e.getMessage(), parts.adminSocket());
    }
    readiness.start(probed);
  }

  /** Once, when the first configuration is in force. */
  private static void sayReady(ControlPlaneConfig config, ZoneProxy proxy) {
    String names =
        config.proxies().stream().map(ManagedProxy::id).collect(Collectors.joining(", "));
    log.info("{}: asking the control plane {}", names, config.server().address());
    proxy.onFirstConfiguration(
        () ->
            log.info(
                "{} is {} on {}, relay {}",
                names,
                ProcessAge.ready(),
                listening(proxy.view()),
                proxy.relay()));
  }

  private static String listening(ProxyView view) {
    String all =
        view.listeners().stream()
            .map(ListenerStatus::address)
            .map(String::valueOf)
            .collect(Collectors.joining(", "));
    return all.isEmpty() ? "no address, for there is no service yet" : all;
  }
}
