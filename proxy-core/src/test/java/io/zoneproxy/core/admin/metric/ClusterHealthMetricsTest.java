package io.zoneproxy.core.admin.metric;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.admin.FakeProxy;
import io.zoneproxy.core.admin.stats.PrometheusText;
import io.zoneproxy.core.admin.stats.StatsPage;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.Locality;
import io.zoneproxy.core.model.balance.CircuitBreakers;
import io.zoneproxy.core.observe.ClusterStats;
import io.zoneproxy.core.observe.ClusterStatus;
import io.zoneproxy.core.observe.ClusterStatus.EndpointStatus;
import io.zoneproxy.core.observe.HealthCheckStats;
import io.zoneproxy.core.observe.HealthFlag;
import io.zoneproxy.core.observe.OutlierStats;
import io.zoneproxy.core.observe.OutlierStats.Detector;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ClusterHealthMetricsTest {
  private static final ServerInfo INFO = new ServerInfo("1", 2, Instant.EPOCH);

  private final ClusterStats stats = new ClusterStats();
  private final OutlierStats outliers = new OutlierStats();
  private final HealthCheckStats checks = new HealthCheckStats();

  private List<String> lines() {
    EndpointStatus well = endpoint("10.0.0.1", Set.of());
    EndpointStatus ill = endpoint("10.0.0.2", Set.of(HealthFlag.FAILED_ACTIVE_HC));
    FakeProxy proxy = new FakeProxy();
    proxy.clusters(
        List.of(
            new ClusterStatus(
                "c",
                "c",
                List.of(well, ill),
                stats,
                new CircuitBreakers(3, 2, Long.MAX_VALUE, 3),
                outliers,
                checks)));
    return StatsPage.of(proxy, INFO, false).text().toString().lines().toList();
  }

  private static EndpointStatus endpoint(String host, Set<HealthFlag> flags) {
    HostPort address = new HostPort(host, 80);
    return new EndpointStatus(address, Locality.ofZone(""), 0, 1, true, 0, 0, 0, flags);
  }

  @Test
  void showsWhatIsLeftOfTheLimits() {
    stats.connections.set(3);
    stats.dialing.set(1);
    stats.overflow.increment();
    assertThat(lines())
        .contains(
            "cluster.c.circuit_breakers.default.cx_open: 1",
            "cluster.c.circuit_breakers.default.remaining_cx: 0",
            "cluster.c.circuit_breakers.default.rq_pending_open: 0",
            "cluster.c.circuit_breakers.default.remaining_pending: 1",
            "cluster.c.circuit_breakers.default.remaining_rq: 4294967295",
            "cluster.c.circuit_breakers.default.rq_open: 0",
            "cluster.c.circuit_breakers.default.rq_retry_open: 0",
            "cluster.c.upstream_cx_overflow: 1",
            "cluster.c.upstream_cx_pool_overflow: 0",
            "cluster.c.upstream_rq_pending_overflow: 0",
            "cluster.c.upstream_rq_pending_active: 1",
            "cluster.c.lb_healthy_panic: 0");
  }

  @Test
  void showsProbesAndEjections() {
    outliers.detected(Detector.CONSECUTIVE_5XX).increment();
    outliers.active.set(1);
    checks.attempt.add(2);
    assertThat(lines())
        .contains(
            "cluster.c.membership_healthy: 1",
            "cluster.c.membership_total: 2",
            "cluster.c.health_check.attempt: 2",
            "cluster.c.health_check.healthy: 1",
            "cluster.c.outlier_detection.ejections_active: 1",
            "cluster.c.outlier_detection.ejections_detected_consecutive_5xx: 1",
            "cluster.c.outlier_detection.ejections_enforced_local_origin_failure_percentage: 0");
  }

  @Test
  void hasPrometheusNamesWithoutDots() {
    FakeProxy proxy = new FakeProxy();
    proxy.clusters(
        List.of(
            new ClusterStatus(
                "c", "c", List.of(), stats, CircuitBreakers.ENVOY, outliers, checks)));
    assertThat(PrometheusText.of(proxy, INFO, false).toString())
        .contains(
            "envoy_cluster_circuit_breakers_default_remaining_cx{envoy_cluster_name=\"c\"} 1024",
            "envoy_cluster_outlier_detection_ejections_active{envoy_cluster_name=\"c\"} 0",
            "envoy_cluster_health_check_success{envoy_cluster_name=\"c\"} 0");
  }
}
