package io.zoneproxy.egress.e2e;

import io.zoneproxy.core.config.Loaded;
import io.zoneproxy.core.config.OwnResource;
import io.zoneproxy.core.config.ResourceFolder;
import io.zoneproxy.core.config.ResourceWatcher;
import io.zoneproxy.core.listener.BindException;
import io.zoneproxy.core.observe.ClusterStats;
import io.zoneproxy.core.observe.ConnectionObserver;
import io.zoneproxy.core.observe.ConnectionRecord;
import io.zoneproxy.core.observe.ListenerStats;
import io.zoneproxy.core.observe.ListenerStatus;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.egress.EgressRole;
import io.zoneproxy.ingress.IngressRole;
import io.zoneproxy.ingress.OwnProxy;
import io.zoneproxy.ingress.ProxyRole;
import io.zoneproxy.ingress.ZoneProxy;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A proxy in the test's JVM, from files as the program reads them, and what it tells. */
final class RunningProxy implements AutoCloseable {
  /** Longer than anything takes that works. */
  private static final int PATIENCE_SECONDS = 20;

  /** Ends of connections, in their order. */
  final BlockingQueue<ConnectionRecord> closed = new LinkedBlockingQueue<>();

  /** What reloads found wrong. */
  final List<Problem> problems = new CopyOnWriteArrayList<>();

  final ZoneProxy proxy;
  private final ResourceFolder folder;
  private @Nullable ResourceWatcher watcher;

  private RunningProxy(
      String zone,
      ZoneFiles files,
      List<OwnProxy> own,
      ConnectionObserver also,
      UnaryOperator<ZoneProxy.Builder> settings) {
    folder = new ResourceFolder(files.folder());
    ZoneProxy.Builder builder =
        ZoneProxy.builder().zone(zone).concurrency(1).observer(new Observers(also));
    own.forEach(builder::own);
    try {
      Loaded loaded = folder.load();
      if (loaded.hasErrors()) {
        throw new IllegalStateException(loaded.problems().toString());
      }
      proxy = settings.apply(builder).start(loaded.resources());
    } catch (BindException e) {
      throw new IllegalStateException(e);
    }
  }

  static RunningProxy egress(
      String zone, ZoneFiles files, UnaryOperator<ZoneProxy.Builder> settings) {
    return start(zone, files, settings, KumaTexts.ownEgress(zone));
  }

  static RunningProxy ingress(
      String zone, ZoneFiles files, UnaryOperator<ZoneProxy.Builder> settings) {
    return start(zone, files, settings, KumaTexts.ownIngress(zone));
  }

  /** One with a role for each own resource. */
  static RunningProxy start(
      String zone, ZoneFiles files, UnaryOperator<ZoneProxy.Builder> settings, String... own) {
    List<OwnProxy> roles = List.of(own).stream().map(RunningProxy::read).toList();
    return new RunningProxy(zone, files, roles, ConnectionObserver.NONE, settings);
  }

  /** One of any role, with somebody else who is told of its connections. */
  static RunningProxy start(
      String zone,
      ZoneFiles files,
      ConnectionObserver also,
      UnaryOperator<ZoneProxy.Builder> settings,
      OwnProxy own) {
    return new RunningProxy(zone, files, List.of(own), also, settings);
  }

  private final class Observers implements ConnectionObserver {
    private final ConnectionObserver also;

    Observers(ConnectionObserver also) {
      this.also = also;
    }

    @Override
    public void onClosed(ConnectionRecord record) {
      also.onClosed(record);
      closed.add(record);
    }

    @Override
    public void onConnected(ConnectionRecord record) {
      also.onConnected(record);
    }
  }

  /** A proxy by its own resource. */
  static OwnProxy read(String text) {
    ProxyRole role = text.contains("ZoneEgress") ? new EgressRole() : new IngressRole();
    OwnResource own =
        OwnResource.parse(
            "own.yaml",
            text,
            Map.of(),
            new OwnResource.Expected(List.of(role.ownKind()), "the test"));
    return new OwnProxy(
        role,
        own.resource().orElseThrow(() -> new IllegalStateException(own.problems().toString())));
  }

  /** Where it, or its first role, listens. */
  InetSocketAddress address() {
    return proxy.view().listeners().get(0).address();
  }

  /** Where one of its listeners is. */
  InetSocketAddress address(String listener) {
    return proxy.view().listeners().stream()
        .filter(each -> each.name().equals(listener))
        .map(ListenerStatus::address)
        .findFirst()
        .orElseThrow();
  }

  ListenerStats stats() {
    return proxy.view().listeners().get(0).stats();
  }

  /** The counters of a cluster that was used. */
  ClusterStats stats(String cluster) {
    return proxy.view().clusters().stream()
        .filter(each -> each.name().equals(cluster))
        .map(each -> Objects.requireNonNull(each.stats(), cluster + " was never used"))
        .findFirst()
        .orElseThrow();
  }

  /** Takes over what the files say now, as the program does when they change. */
  void reload() {
    apply(folder.load());
  }

  /** From now on it takes over changes by itself. */
  void watch() {
    ResourceWatcher started = new ResourceWatcher(folder, this::apply);
    watcher = started;
    started.start();
  }

  private void apply(Loaded loaded) {
    problems.addAll(loaded.problems());
    if (loaded.changed()) {
      try {
        proxy.apply(loaded.resources());
      } catch (BindException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** The next connection's end. */
  ConnectionRecord nextClosed() {
    try {
      ConnectionRecord record = closed.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
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
    ResourceWatcher running = watcher;
    if (running != null) {
      running.close();
    }
    proxy.close();
  }
}
