package io.zoneproxy.core.admin.metric;

import static io.zoneproxy.core.admin.metric.Metric.counter;
import static io.zoneproxy.core.admin.metric.Metric.gauge;

import io.zoneproxy.core.observe.ClusterStatus;
import io.zoneproxy.core.observe.ClusterStatus.EndpointStatus;
import io.zoneproxy.core.observe.HealthCheckStats;
import io.zoneproxy.core.observe.HealthFlag;
import io.zoneproxy.core.observe.OutlierStats;
import io.zoneproxy.core.observe.OutlierStats.Detector;
import java.util.ArrayList;
import java.util.List;

/** What is told of the health of clusters: of those alone that have something to tell. */
final class ClusterHealthMetrics {
  private static final List<Metric<Watched>> OUTLIERS = outliers();

  private static final List<Metric<Checked>> CHECKS =
      List.of(
          counter("health_check.attempt", checked -> checked.stats().attempt.sum()),
          counter("health_check.failure", checked -> checked.stats().failure.sum()),
          gauge("health_check.healthy", Checked::passing),
          counter("health_check.network_failure", checked -> checked.stats().networkFailure.sum()),
          counter("health_check.passive_failure", checked -> 0), // endpoints do not say so
          counter("health_check.success", checked -> checked.stats().success.sum()));

  private ClusterHealthMetrics() {}

  /** A cluster whose outlier detection has seen something. */
  private record Watched(String statName, OutlierStats stats) {}

  /** A cluster whose endpoints are asked. */
  private record Checked(ClusterStatus cluster, HealthCheckStats stats) {
    String statName() {
      return cluster.statName();
    }

    long passing() {
      return cluster.endpoints().stream().filter(Checked::passes).count();
    }

    private static boolean passes(EndpointStatus endpoint) {
      return !endpoint.flags().contains(HealthFlag.FAILED_ACTIVE_HC);
    }
  }

  private static List<Metric<Watched>> outliers() {
    List<Metric<Watched>> metrics = new ArrayList<>();
    metrics.add(gauge("outlier_detection.ejections_active", each -> each.stats().active.get()));
    metrics.add(
        counter("outlier_detection.ejections_enforced_total", each -> each.stats().enforced.sum()));
    metrics.add(
        counter("outlier_detection.ejections_overflow", each -> each.stats().overflow.sum()));
    for (Detector by : Detector.values()) {
      metrics.add(
          counter(
              "outlier_detection.ejections_detected_" + by.label(),
              each -> each.stats().detected(by).sum()));
      metrics.add(
          counter(
              "outlier_detection.ejections_enforced_" + by.label(),
              each -> each.stats().enforced(by).sum()));
    }
    return List.copyOf(metrics);
  }

  static List<StatGroup<?>> groups(List<ClusterStatus> clusters) {
    List<Watched> watched = new ArrayList<>();
    List<Checked> checked = new ArrayList<>();
    for (ClusterStatus cluster : clusters) {
      OutlierStats outliers = cluster.outliers();
      if (outliers != null) {
        watched.add(new Watched(cluster.statName(), outliers));
      }
      HealthCheckStats checks = cluster.checks();
      if (checks != null) {
        checked.add(new Checked(cluster, checks));
      }
    }
    String scope = "cluster";
    String label = "envoy_cluster_name";
    return List.of(
        new StatGroup<>(
            "envoy_cluster_", OUTLIERS, Subject.named(scope, label, watched, Watched::statName)),
        new StatGroup<>(
            "envoy_cluster_", CHECKS, Subject.named(scope, label, checked, Checked::statName)));
  }
}
