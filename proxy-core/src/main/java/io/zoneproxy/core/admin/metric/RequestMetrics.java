package io.zoneproxy.core.admin.metric;

import static io.zoneproxy.core.admin.metric.Metric.counter;

import io.zoneproxy.core.observe.ClusterStats;
import io.zoneproxy.core.observe.ClusterStatus;
import io.zoneproxy.core.observe.RequestStats;
import io.zoneproxy.core.observe.process.ControlPlaneStats;
import io.zoneproxy.core.observe.process.ControlPlaneStats.EndpointUpdates;
import java.util.ArrayList;
import java.util.List;

/** What is told of clusters' requests, and of the updates of their endpoints. */
final class RequestMetrics {
  /** Stands for all clusters that never had a request. */
  private static final RequestStats NONE = new RequestStats();

  private static final List<Metric<Requests>> COUNTERS =
      List.of(
          counter("upstream_cx_destroy_remote_with_active_rq", Requests::resets),
          counter("upstream_cx_protocol_error", each -> each.stats().protocolError.sum()),
          counter("upstream_rq_cancelled", each -> each.stats().cancelled.sum()),
          counter("upstream_rq_completed", each -> each.stats().completed.sum()),
          counter("upstream_rq_pending_failure_eject", each -> each.stats().pendingFailure.sum()),
          counter("upstream_rq_pending_total", each -> each.stats().pendingTotal.sum()),
          counter("upstream_rq_retry_success", each -> each.stats().retrySuccess.sum()),
          counter("upstream_rq_rx_reset", each -> each.stats().rxReset.sum()),
          counter("upstream_rq_timeout", each -> each.stats().timeout.sum()),
          counter("upstream_rq_tx_reset", each -> each.stats().txReset.sum()),
          new Metric<>("upstream_rq_xx", Metric.Kind.COUNTER, classes()));

  private static final List<Timing<Requests>> TIMINGS =
      List.of(new Timing<>("upstream_rq_time", each -> each.stats().millis()));

  private static final List<Metric<Endpoints>> UPDATES =
      List.of(
          counter("update_attempt", each -> each.updates().attempt()),
          counter("update_empty", each -> 0), // an empty assignment counts as any other
          counter("update_failure", each -> 0), // the stream's: it is counted once for all
          counter("update_rejected", each -> each.updates().rejected()),
          counter("update_success", each -> each.updates().success()));

  private static final List<Metric<Requests>> GRPC =
      List.of(
          counter("grpc.failure", each -> each.stats().grpcFailure.sum()),
          counter("grpc.success", each -> each.stats().grpcSuccess.sum()),
          counter("grpc.total", Requests::calls));

  private RequestMetrics() {}

  private record Requests(String statName, RequestStats stats, long resets) {
    long calls() {
      return stats.grpcSuccess.sum() + stats.grpcFailure.sum();
    }
  }

  private record Endpoints(String statName, EndpointUpdates updates) {}

  static List<StatGroup<?>> groups(List<ClusterStatus> clusters, ControlPlaneStats from) {
    List<Requests> requests = new ArrayList<>(clusters.size());
    List<Endpoints> endpoints = new ArrayList<>(clusters.size());
    for (ClusterStatus cluster : clusters) {
      ClusterStats used = cluster.stats();
      RequestStats known = used == null ? null : used.requestsIfAny();
      long resets = used == null ? 0 : used.resetByRemote.sum();
      requests.add(new Requests(cluster.statName(), known == null ? NONE : known, resets));
      endpoints.add(new Endpoints(cluster.statName(), from.endpoints(cluster.name())));
    }
    String scope = "cluster";
    String label = "envoy_cluster_name";
    return List.of(
        new StatGroup<>(
            "envoy_cluster_",
            COUNTERS,
            TIMINGS,
            Subject.named(scope, label, requests, Requests::statName)),
        new StatGroup<>(
            "envoy_cluster_",
            GRPC,
            Subject.named(
                scope,
                label,
                requests.stream().filter(each -> each.calls() > 0).toList(),
                Requests::statName)),
        new StatGroup<>(
            "envoy_cluster_",
            UPDATES,
            Subject.named(scope, label, endpoints, Endpoints::statName)));
  }

  private static List<Metric.Part<Requests>> classes() {
    List<Metric.Part<Requests>> parts = new ArrayList<>();
    for (int i = 1; i <= RequestStats.CLASSES; i++) {
      int number = i;
      parts.add(
          new Metric.Part<>(
              "upstream_rq_" + number + "xx",
              Subject.label("envoy_response_code_class", Integer.toString(number)),
              each -> each.stats().ofClass(number)));
    }
    return parts;
  }
}
