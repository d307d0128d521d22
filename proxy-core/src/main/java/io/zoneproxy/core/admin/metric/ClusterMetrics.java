package io.zoneproxy.core.admin.metric;

import static io.zoneproxy.core.admin.metric.Metric.counter;
import static io.zoneproxy.core.admin.metric.Metric.gauge;

import io.zoneproxy.core.model.balance.CircuitBreakers;
import io.zoneproxy.core.observe.ClusterStats;
import io.zoneproxy.core.observe.ClusterStatus;
import io.zoneproxy.core.observe.RequestStats;
import java.util.ArrayList;
import java.util.List;

/** What is told of clusters. */
final class ClusterMetrics {
  /** Stands for all clusters that no connection used yet: their counters are not made. */
  private static final ClusterStats NONE = new ClusterStats();

  /** Envoy's limits are numbers of 32 bits; what is left of none shows that. */
  private static final long GREATEST_LIMIT = 0xFFFF_FFFFL;

  private static final List<Metric<ClusterStatus>> MEMBERS =
      List.of(
          gauge("membership_healthy", ClusterMetrics::healthy),
          gauge("membership_total", cluster -> cluster.endpoints().size()));

  /**
   * Envoy counts a connection of its TCP proxy as a request, and Kuma's boards draw requests: what
   * was connected is one. Where HTTP is spoken, requests are counted.
   */
  private static final List<Metric<Used>> COUNTERS =
      List.of(
          counter("lb_healthy_panic", used -> used.stats().healthyPanic.sum()),
          gauge("upstream_cx_active", used -> used.stats().active.sum()),
          counter("upstream_cx_connect_fail", used -> used.stats().connectFail.sum()),
          counter("upstream_cx_connect_timeout", used -> used.stats().connectTimeout.sum()),
          counter("upstream_cx_none_healthy", used -> used.stats().noneHealthy.sum()),
          counter("upstream_cx_overflow", used -> used.stats().overflow.sum()),
          counter("upstream_cx_pool_overflow", used -> 0), // pools themselves have no limit
          counter("upstream_cx_rx_bytes_total", used -> used.stats().rxBytes.sum()),
          counter("upstream_cx_total", used -> used.stats().total.sum()),
          counter("upstream_cx_tx_bytes_total", used -> used.stats().txBytes.sum()),
          gauge(
              "upstream_rq_active",
              used -> used.http() ? used.requests() : used.stats().active.sum()),
          gauge(
              "upstream_rq_pending_active",
              used ->
                  used.http() ? used.stats().requests().pending.sum() : used.stats().dialing.get()),
          counter("upstream_rq_pending_overflow", used -> used.stats().pendingOverflow.sum()),
          counter("upstream_rq_retry", used -> used.stats().failover.sum()),
          counter(
              "upstream_rq_total",
              used ->
                  used.http()
                      ? used.stats().requests().total.sum()
                      : used.stats().connectMs().count()));

  /**
   * Whether a limit is reached, and what is left. Of a passthrough only connections and those that
   * wait for one are limited; requests show that none is under way, and so do retries always.
   */
  private static final List<Metric<Used>> LIMITS =
      List.of(
          gauge(
              "circuit_breakers.default.cx_open",
              used -> reached(used.connections(), used.limits().maxConnections())),
          gauge("circuit_breakers.default.cx_pool_open", used -> 0),
          gauge(
              "circuit_breakers.default.rq_open",
              used -> reached(used.requests(), used.limits().maxRequests())),
          gauge(
              "circuit_breakers.default.rq_pending_open",
              used -> reached(used.dialing(), used.limits().maxPendingRequests())),
          gauge(
              "circuit_breakers.default.rq_retry_open",
              used -> reached(0, used.limits().maxRetries())),
          gauge(
              "circuit_breakers.default.remaining_cx",
              used -> left(used.connections(), used.limits().maxConnections())),
          gauge(
              "circuit_breakers.default.remaining_pending",
              used -> left(used.dialing(), used.limits().maxPendingRequests())),
          gauge(
              "circuit_breakers.default.remaining_retries",
              used -> left(0, used.limits().maxRetries())),
          gauge(
              "circuit_breakers.default.remaining_rq",
              used -> left(used.requests(), used.limits().maxRequests())));

  private static final List<Timing<Used>> TIMINGS =
      List.of(new Timing<>("upstream_cx_connect_ms", used -> used.stats().connectMs()));

  /** The TCP proxy's side of a cluster: what came from downstreams is what went to upstreams. */
  private static final List<Metric<Used>> RELAYED =
      List.of(
          counter("downstream_cx_rx_bytes_total", used -> used.stats().txBytes.sum()),
          counter("downstream_cx_tx_bytes_total", used -> used.stats().rxBytes.sum()));

  private ClusterMetrics() {}

  /** A cluster whose counters are told. */
  private record Used(String statName, ClusterStats stats, CircuitBreakers limits) {
    long connections() {
      return stats.connections.get();
    }

    /** Whether it is HTTP that is spoken; it never is where nothing was asked for yet. */
    boolean http() {
      return stats.requestsIfAny() != null;
    }

    long requests() {
      RequestStats known = stats.requestsIfAny();
      return known == null ? 0 : known.active.get();
    }

    long dialing() {
      return stats.dialing.get();
    }
  }

  /**
   * Members of all, counters of some.
   *
   * @param counted those whose counters are told, also when nothing was counted
   */
  static List<StatGroup<?>> groups(List<ClusterStatus> clusters, List<ClusterStatus> counted) {
    List<Used> used = new ArrayList<>();
    for (ClusterStatus cluster : counted) {
      ClusterStats stats = cluster.stats();
      used.add(new Used(cluster.statName(), stats == null ? NONE : stats, cluster.limits()));
    }
    String scope = "cluster";
    String label = "envoy_cluster_name";
    List<Used> secured = used.stream().filter(each -> each.stats().tlsIfAny() != null).toList();
    return List.of(
        new StatGroup<>(
            "envoy_cluster_",
            MEMBERS,
            Subject.named(scope, label, clusters, ClusterStatus::statName)),
        new StatGroup<>(
            "envoy_cluster_", COUNTERS, TIMINGS, Subject.named(scope, label, used, Used::statName)),
        new StatGroup<>(
            "envoy_cluster_", LIMITS, Subject.named(scope, label, used, Used::statName)),
        TlsMetrics.group(
            "envoy_cluster_",
            Subject.named(scope, label, secured, Used::statName),
            each -> each.stats().tls()),
        new StatGroup<>(
            "envoy_tcp_", RELAYED, Subject.named("tcp", "envoy_tcp_prefix", used, Used::statName)));
  }

  private static long healthy(ClusterStatus cluster) {
    return cluster.endpoints().stream().filter(ClusterStatus.EndpointStatus::healthy).count();
  }

  private static long reached(long now, long limit) {
    return now >= limit ? 1 : 0;
  }

  private static long left(long now, long limit) {
    return Math.max(0, Math.min(GREATEST_LIMIT, limit) - now);
  }
}
