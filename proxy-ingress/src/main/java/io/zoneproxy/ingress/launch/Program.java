package io.zoneproxy.ingress.launch;

import io.zoneproxy.core.admin.AdminServer;
import io.zoneproxy.core.admin.ReadinessServer;
import io.zoneproxy.core.admin.stats.ServerInfo;
import io.zoneproxy.core.config.Loaded;
import io.zoneproxy.core.config.ProxyConfig;
import io.zoneproxy.core.config.ResourceFolder;
import io.zoneproxy.core.config.ResourceWatcher;
import io.zoneproxy.core.listener.BindException;
import io.zoneproxy.core.observe.ListenerStatus;
import io.zoneproxy.core.observe.ServerStats;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.Resource;
import io.zoneproxy.core.resource.Resources;
import io.zoneproxy.ingress.OwnProxy;
import io.zoneproxy.ingress.ZoneProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of the process, from resource files to the exit code. */
final class Program {
  private static final Logger log = LoggerFactory.getLogger(Program.class);

  private final List<OwnProxy> own;
  private final String zone;
  private final Path root;
  private final RunOptions options;
  private final Map<String, String> environment;
  private final ServerStats stats = new ServerStats();

  /**
   * @param root the resource files
   */
  Program(
      List<OwnProxy> own,
      String zone,
      Path root,
      RunOptions options,
      Map<String, String> environment) {
    this.own = own;
    this.zone = zone;
    this.root = root;
    this.options = options;
    this.environment = environment;
  }

  /** Runs until signals, or the admin port, end it; 0 for an orderly end. */
  int run() {
    ProxyConfig config = options.proxyConfig();
    Logging.configure(options.logLevel, options.logOutputPath);
    ResourceFolder folder = new ResourceFolder(root);
    Loaded loaded = folder.load();
    if (loaded.hasErrors()) {
      throw new UsageException(SourceOptions.lines(loaded.problems()));
    }
    Resources resources = withOwn(loaded.resources());
    try (AccessLogTarget access = AccessLogTarget.open(options, stats);
        ZoneProxy proxy = start(config, access, resources);
        Shutdown shutdown = new Shutdown(proxy);
        AdminServer admin = admin(proxy, shutdown);
        ReadinessServer readiness = new ReadinessServer(proxy.controlLoop(), proxy.view()::state)) {
      bind(admin, readiness);
      warn(loaded.problems());
      warn(proxy.notices());
      Signals.handle(shutdown::onSignal);
      sayReady(proxy);
      try (ResourceWatcher watcher =
          new ResourceWatcher(folder, changed -> reload(proxy, changed))) {
        watcher.start();
        return shutdown.await();
      }
    } catch (BindException | IOException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private ZoneProxy start(ProxyConfig config, AccessLogTarget access, Resources resources)
      throws BindException {
    ZoneProxy.Builder builder =
        ZoneProxy.builder()
            .zone(zone)
            .config(config)
            .concurrency(options.loops())
            .observer(access.observer())
            .stats(stats);
    own.forEach(builder::own);
    return builder.start(resources);
  }

  /** The own resource may lie in the folder too: the same file, or a copy with the same name. */
  private Resources withOwn(Resources resources) {
    Map<String, Resource> byId = new HashMap<>();
    resources.all().forEach(resource -> byId.put(resource.meta().id(), resource));
    for (OwnProxy proxy : own) {
      Resource mine = proxy.resource();
      Resource twin = byId.get(mine.meta().id());
      if (twin != null && !sameFile(mine.meta().source().file(), twin.meta().source().file())) {
        throw new UsageException(
            "%s stands twice: at %s and at %s (expected: another name, or only one of them)"
                .formatted(mine.meta().id(), mine.meta().source(), twin.meta().source()));
      }
    }
    return resources;
  }

  private static boolean sameFile(String one, String other) {
    try {
      return Path.of(one).toRealPath().equals(Path.of(other).toRealPath());
    } catch (IOException | java.nio.file.InvalidPathException e) {
      return false; // standard input, for one
    }
  }

  private AdminServer admin(ZoneProxy proxy, Shutdown shutdown) {
    return new AdminServer(
        proxy.controlLoop(),
        proxy.view(),
        new ServerInfo(VersionCommand.version(), options.loops(), Instant.now()),
        shutdown,
        List.of(new ExplainEndpoint(proxy.view())));
  }

  private void bind(AdminServer admin, ReadinessServer readiness) throws IOException {
    int adminPort = AdminPort.of(own.get(0).resource());
    if (adminPort > 0) {
      admin.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), adminPort));
    }
    if (options.readinessPort > 0) {
      readiness.start(readinessAddress());
    }
  }

  /** kuma-dp's rule: a Pod's probes come from outside, everything else from the host itself. */
  private InetSocketAddress readinessAddress() {
    return environment.getOrDefault("POD_NAME", "").isEmpty()
        ? new InetSocketAddress(InetAddress.getLoopbackAddress(), options.readinessPort)
        : new InetSocketAddress(options.readinessPort);
  }

  private void reload(ZoneProxy proxy, Loaded loaded) {
    warn(loaded.problems());
    if (loaded.hasErrors()) {
      stats.configRejected.increment();
    }
    if (!loaded.changed()) {
      return;
    }
    try {
      List<Problem> before = proxy.notices();
      List<Problem> now = new ArrayList<>(proxy.apply(loaded.resources()));
      now.removeAll(before);
      warn(now);
      log.info("configuration changed: {}", summary(proxy));
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

  private void sayReady(ZoneProxy proxy) {
    Duration since =
        Duration.between(
            ProcessHandle.current().info().startInstant().orElseGet(Instant::now), Instant.now());
    log.info(
        "{} of zone {} is ready after {} ms on {}: {}",
        RunCommand.names(own),
        zone,
        since.toMillis(),
        proxy.view().listeners().stream()
            .map(ListenerStatus::address)
            .map(address -> address.getAddress().getHostAddress() + ":" + address.getPort())
            .collect(Collectors.joining(", ")),
        summary(proxy));
  }

  private static String summary(ZoneProxy proxy) {
    var snapshot = proxy.view().snapshot();
    int chains = snapshot.listeners().stream().mapToInt(listener -> listener.chains().size()).sum();
    return chains + " server names to " + snapshot.clusters().size() + " clusters";
  }
}
