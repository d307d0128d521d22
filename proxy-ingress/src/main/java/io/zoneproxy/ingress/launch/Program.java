package io.zoneproxy.ingress.launch;

import io.netty.util.NetUtil;
import io.zoneproxy.core.admin.AdminServer;
import io.zoneproxy.core.admin.LoggingEndpoint;
import io.zoneproxy.core.admin.ReadinessServer;
import io.zoneproxy.core.admin.metric.ServerInfo;
import io.zoneproxy.core.config.Loaded;
import io.zoneproxy.core.config.ResourceFolder;
import io.zoneproxy.core.config.ResourceWatcher;
import io.zoneproxy.core.config.outbound.CredentialsWatch;
import io.zoneproxy.core.export.Collectors;
import io.zoneproxy.core.listener.BindException;
import io.zoneproxy.core.observe.ListenerStatus;
import io.zoneproxy.core.observe.ServerStats;
import io.zoneproxy.core.observe.access.ChainAccessLogs;
import io.zoneproxy.core.observe.request.HttpStatsTable;
import io.zoneproxy.core.resource.Meta;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.Resource;
import io.zoneproxy.core.resource.Resources;
import io.zoneproxy.core.route.ChainEngine;
import io.zoneproxy.ingress.OwnProxy;
import io.zoneproxy.ingress.SecretSource;
import io.zoneproxy.ingress.ZoneProxy;
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
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of the process, from resource files to the exit code. */
final class Program {
  private static final Logger log = LoggerFactory.getLogger(Program.class);

  private final Plan.FromFiles plan;
  private final RunOptions options;
  private final Map<String, String> environment;
  private final ServerStats stats = new ServerStats();
  private final HttpStatsTable http = new HttpStatsTable();
  private boolean refused; // on the watcher's thread: the last look found errors

  /**
   * Does nothing yet; the log is set up.
   *
   * @param options checked
   * @param environment the process's variables
   */
  Program(Plan.FromFiles plan, RunOptions options, Map<String, String> environment) {
    this.plan = plan;
    this.options = options;
    this.environment = environment;
  }

  /** Runs until signals, or the admin port, end it; 0 for an orderly end. */
  int run() {
    ResourceFolder folder = new ResourceFolder(plan.resources());
    Loaded loaded = folder.load();
    List<Problem> problems =
        new ArrayList<>(UsageException.ofResources(plan.resources(), loaded.problems()));
    problems.addAll(twins(loaded.resources()));
    refuse(problems);
    try (AccessLogTarget access = AccessLogTarget.open(options, stats);
        TlsContexts tls = new TlsContexts();
        ClientContexts begins = new ClientContexts();
        CredentialsWatch credentials = new CredentialsWatch(options.outbound());
        Collectors collectors = Telemetry.collectors(plan.own().get(0), stats);
        ChainAccessLogs chains = new ChainAccessLogs(stats, collectors);
        ZoneProxy proxy = start(tls, begins, telemetry(access, chains, collectors), loaded);
        Shutdown shutdown = new Shutdown(proxy, () -> {});
        AdminServer admin = admin(proxy, tls, shutdown);
        ReadinessServer readiness = new ReadinessServer(proxy.controlLoop(), proxy.view()::state)) {
      refuse(proxy.notices());
      Telemetry telemetry = telemetry(access, chains, collectors);
      collectors.begin(proxy::cluster);
      telemetry.apply(proxy.view().snapshot());
      // Before anybody can see that it is ready.
      Signals.handle(shutdown::onSignal);
      Signals.handleDrain(shutdown::onDrainSignal);
      bind(proxy, admin, readiness);
      plan.warnings().forEach(log::warn);
      warn(problems);
      warn(proxy.notices());
      sayReady(proxy, ports(admin, readiness));
      warnIfEmpty(proxy);
      try (ResourceWatcher watcher =
              new ResourceWatcher(folder, changed -> reload(proxy, telemetry, changed));
          SecretRenewal renewal = new SecretRenewal(proxy, Program::warn)) {
        watcher.start();
        renewal.start();
        credentials.start();
        return shutdown.await();
      }
    } catch (BindException | IOException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private static Telemetry telemetry(
      AccessLogTarget own, ChainAccessLogs chains, Collectors collectors) {
    return new Telemetry(new ChainLogs(own.observer(), own.requests(), chains), collectors);
  }

  private static void refuse(List<Problem> problems) {
    if (problems.stream().anyMatch(problem -> problem.severity() == Problem.Severity.ERROR)) {
      throw UsageException.ofErrors(problems);
    }
  }

  private ZoneProxy start(
      TlsContexts tls, ClientContexts begins, Telemetry telemetry, Loaded loaded)
      throws BindException {
    ChainEngine engine =
        new ServedChains(
            tls,
            begins,
            Map.of(),
            options.proxyConfig().relay(),
            telemetry.logs(),
            http,
            telemetry.collectors());
    ZoneProxy.Builder builder =
        ZoneProxy.builder()
            .zone(plan.zone())
            .config(options.proxyConfig())
            .concurrency(options.loops())
            .observer(telemetry.logs())
            .engine(engine)
            .secrets(
                SecretSource.of(
                    plan.own().stream()
                        .map(proxy -> proxy.secrets(plan.zone(), plan.workDir()))
                        .toList()))
            .stats(stats);
    plan.own().forEach(builder::own);
    return builder.start(loaded.resources());
  }

  /** The own resource may lie in the folder too, but only as the very same file. */
  private List<Problem> twins(Resources resources) {
    Map<String, Resource> byId = new HashMap<>();
    resources.all().forEach(resource -> byId.put(resource.meta().id(), resource));
    List<Problem> twins = new ArrayList<>();
    for (OwnProxy proxy : plan.own()) {
      Meta mine = proxy.resource().meta();
      Resource twin = byId.get(mine.id());
      if (twin != null && !sameFile(mine.source().file(), twin.meta().source().file())) {
        twins.add(
            Problem.error(
                twin.meta().source(),
                "name",
                "%s stands at %s too (expected: another name, or only one of them)"
                    .formatted(mine.id(), mine.source())));
      }
    }
    return twins;
  }

  private static boolean sameFile(String one, String other) {
    try {
      return Path.of(one).toRealPath().equals(Path.of(other).toRealPath());
    } catch (IOException | InvalidPathException e) {
      return false; // standard input, for one
    }
  }

  private AdminServer admin(ZoneProxy proxy, TlsContexts tls, Shutdown shutdown) {
    return new AdminServer(
        proxy.controlLoop(),
        proxy.view(),
        new ServerInfo(VersionCommand.version(), options.loops(), Instant.now())
            .withHttp(http)
            .withCertificates(tls.inventory(proxy.view()::snapshot)),
        shutdown,
        List.of(
            new ExplainEndpoint(proxy.view()),
            new NoConfigDump(),
            new LoggingEndpoint(new LogbackLevels())));
  }

  private void bind(ZoneProxy proxy, AdminServer admin, ReadinessServer readiness)
      throws IOException {
    int adminPort = plan.own().get(0).adminPort();
    for (OwnProxy other : plan.own().subList(1, plan.own().size())) {
      int unused = other.adminPort();
      if (unused > 0 && unused != adminPort) {
        log.warn(
            "{}: admin port {} is not used: a process has one, that of the first own resource",
            other.resource().meta().id(),
            unused);
      }
    }
    if (adminPort > 0) {
      admin.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), adminPort));
      proxy.addOwn(admin.address());
    }
    readiness.start(options.readinessAddress(environment));
    proxy.addOwn(readiness.address());
  }

  private void reload(ZoneProxy proxy, Telemetry telemetry, Loaded loaded) {
    List<Problem> twins = twins(loaded.resources());
    warn(loaded.problems());
    warn(twins);
    boolean bad = loaded.hasErrors() || !twins.isEmpty();
    if (bad) {
      stats.configRejected.increment();
      log.error("what was good before stays in force until that is mended");
    } else if (refused) {
      log.info("the resource files are good again");
    }
    refused = bad;
    if (!loaded.changed()) {
      return;
    }
    try {
      List<Problem> before = proxy.notices();
      List<Problem> now = new ArrayList<>(proxy.apply(loaded.resources()));
      telemetry.apply(proxy.view().snapshot());
      now.removeAll(before);
      warn(now);
      log.info("configuration changed: {}", summary(proxy));
      warnIfEmpty(proxy);
    } catch (BindException e) {
      stats.configRejected.increment();
      log.error("configuration refused: {}", e.getMessage());
    }
  }

  private static void warn(List<Problem> problems) {
    for (Problem problem : problems) {
      if (problem.severity() == Problem.Severity.ERROR) {
        log.error("{}", problem);
      } else {
        log.warn("{}", problem);
      }
    }
  }

  private void sayReady(ZoneProxy proxy, String ports) {
    log.info(
        "{} of zone {} is {} on {}, {}, relay {}: {}",
        plan.names(),
        plan.zone(),
        ProcessAge.ready(),
        String.join(
            ", ",
            proxy.view().listeners().stream()
                .map(ListenerStatus::address)
                .map(address -> address.getAddress().getHostAddress() + ":" + address.getPort())
                .toList()),
        ports,
        proxy.relay(),
        summary(proxy));
  }

  private String ports(AdminServer admin, ReadinessServer readiness) {
    String page =
        plan.own().get(0).adminPort() > 0
            ? NetUtil.toSocketAddressString(admin.address())
            : "none (networking.admin.port)";
    return "admin %s, readiness %s"
        .formatted(page, NetUtil.toSocketAddressString(readiness.address()));
  }

  private static void warnIfEmpty(ZoneProxy proxy) {
    if (proxy.view().snapshot().clusters().isEmpty()) {
      log.warn("no service is routed: every connection is closed with NO_ROUTE");
    }
  }

  private static String summary(ZoneProxy proxy) {
    var snapshot = proxy.view().snapshot();
    int chains = snapshot.listeners().stream().mapToInt(listener -> listener.chains().size()).sum();
    return chains + " server names to " + snapshot.clusters().size() + " clusters";
  }
}
