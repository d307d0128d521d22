package io.zoneproxy.ingress.launch;

import io.netty.channel.EventLoopGroup;
import io.netty.util.NetUtil;
import io.zoneproxy.core.admin.AdminServer;
import io.zoneproxy.core.admin.LoggingEndpoint;
import io.zoneproxy.core.admin.MetricsService;
import io.zoneproxy.core.admin.ReadinessServer;
import io.zoneproxy.core.admin.metric.ServerInfo;
import io.zoneproxy.core.config.outbound.CredentialsWatch;
import io.zoneproxy.core.export.Collectors;
import io.zoneproxy.core.http.HttpService;
import io.zoneproxy.core.observe.ListenerStatus;
import io.zoneproxy.core.observe.ProxyView;
import io.zoneproxy.core.observe.ServerStats;
import io.zoneproxy.core.observe.access.ChainAccessLogs;
import io.zoneproxy.core.observe.request.HttpStatsTable;
import io.zoneproxy.core.relay.portable.Transport;
import io.zoneproxy.cp.fields.XdsTypes;
import io.zoneproxy.ingress.ZoneProxy;
import io.zoneproxy.ingress.controlplane.ControlPlaneConfig;
import io.zoneproxy.ingress.controlplane.ManagedProxy;
import io.zoneproxy.ingress.driven.ConfigDumpEndpoint;
import io.zoneproxy.ingress.driven.DrivenProxies;
import io.zoneproxy.ingress.driven.LocalAdminPort;
import io.zoneproxy.ingress.driven.OwnServices;
import io.zoneproxy.ingress.flags.RunOptions;
import io.zoneproxy.ingress.flags.UsageException;
import io.zoneproxy.ingress.inspect.ExplainEndpoint;
import io.zoneproxy.ingress.logging.AccessLogTarget;
import io.zoneproxy.ingress.logging.LogbackLevels;
import io.zoneproxy.ingress.serve.ServedChains;
import io.zoneproxy.ingress.telemetry.ChainLogs;
import io.zoneproxy.ingress.telemetry.Telemetry;
import io.zoneproxy.tls.context.ClientContexts;
import io.zoneproxy.tls.context.TlsContexts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of the process that a control plane drives, to the exit code. */
public final class DrivenProgram implements ControlPlaneProgram {
  private static final Logger log = LoggerFactory.getLogger(DrivenProgram.class);

  /**
   * Reading the descriptors of Envoy's messages takes as long as all the rest before they are
   * needed; then the TLS library is next.
   */
  @Override
  public void prepare() {
    Thread reading = new Thread(DrivenProgram::loadWhatIsSlow, "zoneproxy-prepare");
    reading.setDaemon(true);
    reading.start();
  }

  private static void loadWhatIsSlow() {
    XdsTypes.prepare();
    TlsContexts.prepare();
  }

  @Override
  public int run(ControlPlaneConfig config, RunOptions options, Map<String, String> environment) {
    ServerStats stats = new ServerStats();
    HttpStatsTable http = new HttpStatsTable();
    OwnServices parts = new OwnServices(config);
    ServerInfo info =
        new ServerInfo(VersionCommand.version(), options.loops(), Instant.now())
            .withOption("drain_time", options.drainTime().toSeconds() + "s")
            .withHttp(http);
    EventLoopGroup loops = Transport.loops(1, "zoneproxy-cp-io");
    try (TlsContexts tls = new TlsContexts();
        ClientContexts begins = new ClientContexts();
        CredentialsWatch credentials = new CredentialsWatch(options.outbound());
        AccessLogTarget access = AccessLogTarget.open(options, stats);
        Collectors collectors = Telemetry.collectors(config, stats);
        ChainAccessLogs chainLogs = new ChainAccessLogs(stats, collectors);
        ZoneProxy proxy =
            start(
                options,
                stats,
                logs(access, chainLogs),
                new ServedChains(
                    tls,
                    begins,
                    parts.byAddress(),
                    options.proxyConfig().relay(),
                    logs(access, chainLogs),
                    http,
                    collectors));
        DrivenProxies driven =
            driven(config, proxy, loops, new Telemetry(logs(access, chainLogs), collectors));
        Shutdown shutdown = new Shutdown(proxy, driven::onDrain);
        AdminServer admin = admin(proxy, driven, withCertificates(info, tls, proxy), shutdown);
        LocalAdminPort local =
            new LocalAdminPort(
                () -> startAdmin(admin, config, proxy), parts.adminSocket().toString());
        ReadinessServer readiness = new ReadinessServer(proxy.controlLoop(), proxy.view()::state)) {
      collectors.begin(proxy::cluster);
      publish(
          parts,
          admin,
          readiness,
          MetricsService.of(proxy.controlLoop(), proxy.view(), withCertificates(info, tls, proxy)));
      Signals.handle(shutdown::onSignal);
      Signals.handleDrain(shutdown::onDrainSignal);
      admin.start(parts.adminSocket());
      local.start(); // kuma-dp has only the socket; this is for inspection from the host
      readiness.start(options.readinessAddress(environment));
      proxy.addOwn(readiness.address());
      driven.failed().thenAccept(shutdown::onFailure);
      driven.start();
      credentials.start();
      sayReady(config, proxy, local, readiness.address());
      return shutdown.await();
    } catch (IOException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    } finally {
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
  }

  private static ZoneProxy start(
      RunOptions options, ServerStats stats, ChainLogs logs, ServedChains engine) {
    return ZoneProxy.builder()
        .config(options.proxyConfig())
        .concurrency(options.loops())
        .observer(logs)
        .stats(stats)
        .engine(engine)
        .startEmpty();
  }

  /** From now on the listeners that the control plane pushes for them have something to serve. */
  private static void publish(
      OwnServices parts, AdminServer admin, ReadinessServer readiness, HttpService metrics) {
    parts.admin().set(admin.service());
    parts.readiness().set(readiness.service());
    parts.metrics().set(metrics);
  }

  private static ChainLogs logs(AccessLogTarget own, ChainAccessLogs chains) {
    return new ChainLogs(own.observer(), own.requests(), chains);
  }

  private static ServerInfo withCertificates(ServerInfo info, TlsContexts tls, ZoneProxy proxy) {
    return info.withCertificates(tls.inventory(proxy.view()::snapshot));
  }

  private static DrivenProxies driven(
      ControlPlaneConfig config, ZoneProxy proxy, EventLoopGroup loops, Telemetry telemetry) {
    XdsTypes.prepare();
    return new DrivenProxies(
        config,
        proxy,
        VersionCommand.version(),
        config.lastKnownGood().kept(),
        loops,
        telemetry::apply);
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
            new ConfigDumpEndpoint(driven),
            new LoggingEndpoint(new LogbackLevels())));
  }

  private static InetSocketAddress local(ControlPlaneConfig config) {
    int port = config.adminPort() > 0 ? config.adminPort() : OwnServices.DEFAULT_ADMIN_PORT;
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private static void startAdmin(AdminServer admin, ControlPlaneConfig config, ZoneProxy proxy)
      throws IOException {
    admin.start(local(config));
    proxy.addOwn(admin.address());
  }

  /** Once, when the first configuration is in force and can be reached. */
  private static void sayReady(
      ControlPlaneConfig config,
      ZoneProxy proxy,
      LocalAdminPort admin,
      InetSocketAddress readiness) {
    String names =
        config.proxies().stream()
            .map(ManagedProxy::id)
            .collect(java.util.stream.Collectors.joining(", "));
    log.info("{}: asking the control plane {}", names, config.server().address());
    proxy.onServing(
        () ->
            log.info(
                "{} is {} on {}, admin {}, readiness {}, relay {}",
                names,
                ProcessAge.ready(),
                listening(proxy.view()),
                admin.where(NetUtil.toSocketAddressString(local(config))),
                NetUtil.toSocketAddressString(readiness),
                proxy.relay()));
  }

  private static String listening(ProxyView view) {
    String all =
        view.listeners().stream()
            .map(ListenerStatus::address)
            .map(NetUtil::toSocketAddressString)
            .collect(java.util.stream.Collectors.joining(", "));
    return all.isEmpty() ? "no address, for there is no service yet" : all;
  }
}
