package io.zoneproxy.core.admin.stats;

import static io.zoneproxy.core.admin.stats.Metric.counter;
import static io.zoneproxy.core.admin.stats.Metric.gauge;

import io.zoneproxy.core.observe.ProxyView;
import io.zoneproxy.core.observe.ServerStats;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What is told of the process and of its configuration. */
final class ServerMetrics {
  private static final List<Metric<StatSources>> SERVER =
      List.of(
          gauge("concurrency", sources -> sources.info().concurrency()),
          gauge("live", sources -> sources.state() == ProxyView.State.LIVE ? 1 : 0),
          gauge("memory_allocated", sources -> allocatedBytes()),
          gauge("memory_heap_size", sources -> Runtime.getRuntime().totalMemory()),
          gauge("state", sources -> envoyState(sources.state())),
          gauge("total_connections", ServerMetrics::open),
          gauge("uptime", sources -> sources.info().uptime().toSeconds()));

  private static final List<Metric<StatSources>> CLUSTER_MANAGER =
      List.of(gauge("active_clusters", sources -> sources.clusters().size()));

  private static final List<Metric<StatSources>> LISTENER_MANAGER =
      List.of(gauge("total_listeners_active", sources -> sources.listeners().size()));

  private static final List<Metric<ServerStats>> OURS =
      List.of(
          counter("access_log_dropped", stats -> stats.accessLogDropped.sum()),
          counter("config_applied", stats -> stats.configApplied.sum()),
          counter("config_rejected", stats -> stats.configRejected.sum()),
          counter("connections_accepted", stats -> stats.connections.sum()),
          counter("descriptors_exhausted", stats -> stats.descriptorsExhausted.sum()));

  private static final List<Metric<ServerStats>> CONFIG_AGE =
      List.of(gauge("config_age_seconds", ServerMetrics::configAgeSeconds));

  private ServerMetrics() {}

  static List<StatGroup<?>> groups(StatSources sources) {
    List<StatGroup<?>> groups = new ArrayList<>();
    groups.add(group("envoy_cluster_manager_", "cluster_manager", CLUSTER_MANAGER, sources));
    groups.add(group("envoy_listener_manager_", "listener_manager", LISTENER_MANAGER, sources));
    groups.add(group("envoy_server_", "server", SERVER, sources));
    groups.add(group("zoneproxy_", "zoneproxy", OURS, sources.server()));
    if (sources.server().configAppliedAtMillis.get() > 0) { // no age before there is one
      groups.add(group("zoneproxy_", "zoneproxy", CONFIG_AGE, sources.server()));
    }
    return groups;
  }

  private static <T> StatGroup<T> group(
      String prefix, String path, List<Metric<T>> metrics, T source) {
    return new StatGroup<>(prefix, metrics, List.of(Subject.single(path, source)));
  }

  /** Envoy's numbers: 0 live, 1 draining, 2 before and 3 while it initializes. */
  private static long envoyState(ProxyView.State state) {
    return switch (state) {
      case LIVE -> 0;
      case DRAINING -> 1;
      case INITIALIZING -> 3;
    };
  }

  private static long open(StatSources sources) {
    return sources.listeners().stream().mapToLong(each -> each.stats().active.sum()).sum();
  }

  private static long allocatedBytes() {
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static long configAgeSeconds(ServerStats stats) {
    long millis = System.currentTimeMillis() - stats.configAppliedAtMillis.get();
    return Math.max(0, TimeUnit.MILLISECONDS.toSeconds(millis)); // the clock may be set back
  }
}
