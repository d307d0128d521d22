package io.zoneproxy.core.admin.metric;

import static io.zoneproxy.core.admin.metric.Metric.counter;
import static io.zoneproxy.core.admin.metric.Metric.gauge;

import io.zoneproxy.core.observe.ProxyView;
import io.zoneproxy.core.observe.ServerStats;
import io.zoneproxy.core.observe.process.CollectorStats;
import io.zoneproxy.core.observe.process.LoopStats;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What is told of the process. */
final class ServerMetrics {
  /** What Envoy shows without a certificate: the greatest number of 32 bits. */
  private static final long NO_CERTIFICATE = 0xFFFF_FFFFL;

  private static final List<Metric<StatSources>> SERVER =
      List.of(
          gauge("concurrency", sources -> sources.info().concurrency()),
          gauge("days_until_first_cert_expiring", ServerMetrics::daysOfCertificates),
          gauge("hot_restart_epoch", sources -> 0),
          gauge("live", sources -> sources.state() == ProxyView.State.LIVE ? 1 : 0),
          gauge("memory_allocated", sources -> allocatedBytes()),
          gauge("memory_heap_size", sources -> Runtime.getRuntime().totalMemory()),
          gauge("state", sources -> envoyState(sources.state())),
          gauge("total_connections", ServerMetrics::open),
          gauge("uptime", sources -> sources.info().uptime().toSeconds()),
          gauge("version", sources -> sources.info().versionNumber()));

  /** Loops that carry connections: what Envoy calls workers. */
  private static final List<Metric<LoopStats>> WATCHDOG =
      List.of(
          counter("watchdog_mega_miss", loop -> loop.megaMiss.sum()),
          counter("watchdog_miss", loop -> loop.miss.sum()));

  private static final List<Metric<ServerStats>> OURS =
      List.of(
          counter(
              "access_log_dropped",
              stats -> stats.accessLogDropped.sum() + stats.export.logs.dropped.sum()),
          counter("config_applied", stats -> stats.configApplied.sum()),
          counter("config_rejected", stats -> stats.configRejected.sum()),
          counter("connections_accepted", stats -> stats.connections.sum()),
          counter("descriptors_exhausted", stats -> stats.descriptorsExhausted.sum()),
          gauge("listeners_unbound", stats -> stats.config.listenersUnbound.get()),
          gauge("unverified_upstream_tls", stats -> stats.outside.unverifiedTls.get()),
          counter("upstream_addresses_refused", stats -> stats.outside.refusedAddresses.sum()));

  private static final List<Metric<CollectorStats>> SPANS =
      List.of(
          counter("spans_dropped", stats -> stats.dropped.sum()), // Envoy does not tell
          counter("spans_sent", stats -> stats.sent.sum()),
          counter("timer_flushed", stats -> stats.timerFlushed.sum()));

  private static final List<Metric<CollectorStats>> REPORTS =
      List.of(
          counter("reports_dropped", stats -> stats.reportsRefused.sum()),
          counter("reports_failed", stats -> stats.reportsFailed.sum()),
          counter("reports_sent", stats -> stats.reportsSent.sum()),
          counter("reports_skipped_no_cluster", stats -> stats.noCluster.sum()));

  private static final List<Metric<CollectorStats>> LOGS =
      List.of(
          counter("logs_dropped", stats -> stats.dropped.sum()),
          counter("logs_written", stats -> stats.sent.sum()));

  private static final List<Metric<ServerStats>> CONFIG_AGE =
      List.of(gauge("config_age_seconds", ServerMetrics::configAgeSeconds));

  private ServerMetrics() {}

  static List<StatGroup<?>> groups(StatSources sources) {
    List<StatGroup<?>> groups = new ArrayList<>();
    ServerStats server = sources.server();
    groups.add(StatGroup.single("envoy_server_", "server", SERVER, sources));
    groups.add(
        StatGroup.single(
            "envoy_server_main_thread_", "server.main_thread", WATCHDOG, server.controlLoop));
    groups.add(new StatGroup<>("envoy_server_", WATCHDOG, workers(server.workers())));
    groups.add(StatGroup.single("zoneproxy_", "zoneproxy", OURS, server));
    if (server.configAppliedAtMillis.get() > 0) { // no age before there is one
      groups.add(StatGroup.single("zoneproxy_", "zoneproxy", CONFIG_AGE, server));
    }
    groups.add(collector("tracing.opentelemetry", SPANS, server.export.openTelemetry));
    for (List<Metric<CollectorStats>> metrics : List.of(SPANS, REPORTS)) {
      groups.add(collector("tracing.datadog", metrics, server.export.datadog));
      groups.add(collector("tracing.zipkin", metrics, server.export.zipkin));
    }
    groups.add(collector("access_logs.open_telemetry_access_log", LOGS, server.export.logs));
    return groups;
  }

  private static StatGroup<CollectorStats> collector(
      String path, List<Metric<CollectorStats>> metrics, CollectorStats stats) {
    return StatGroup.single("envoy_" + path.replace('.', '_') + "_", path, metrics, stats);
  }

  private static List<Subject<LoopStats>> workers(List<LoopStats> loops) {
    List<Subject<LoopStats>> workers = new ArrayList<>();
    for (int i = 0; i < loops.size(); i++) {
      String number = Integer.toString(i);
      String labels =
          Subject.joined(
              Subject.label("envoy_worker_id", number), // Envoy's label, then Kuma's
              Subject.label("worker", number));
      workers.add(new Subject<>("server.worker_" + number, labels, List.of(loops.get(i))));
    }
    return workers;
  }

  private static long daysOfCertificates(StatSources sources) {
    return sources.info().certificates().daysUntilFirstExpiry().orElse(NO_CERTIFICATE);
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
