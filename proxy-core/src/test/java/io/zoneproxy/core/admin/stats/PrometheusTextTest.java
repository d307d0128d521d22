package io.zoneproxy.core.admin.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zoneproxy.core.admin.FakeProxy;
import io.zoneproxy.core.admin.metric.ServerInfo;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.observe.ClusterStats;
import io.zoneproxy.core.observe.ClusterStatus;
import io.zoneproxy.core.observe.ListenerStats;
import io.zoneproxy.core.observe.ProxyView;
import io.zoneproxy.core.observe.process.ControlPlaneStats;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PrometheusTextTest {
  /** What a version "a" is as a number. */
  private static final long VERSION_A = 6_170_989_844_021_309L;

  private final ServerInfo info = new ServerInfo("0.1.0", 4, Instant.now().minusSeconds(90));

  private final FakeProxy proxy = new FakeProxy();

  @Test
  void namesListenersAsEnvoyDoes() {
    ListenerStats stats = proxy.listener("inbound:127.0.0.1:10001", "127.0.0.1", 10_001);
    stats.total.add(7);
    stats.active.add(2);
    stats.destroyed.add(5);
    stats.overflow.add(1);
    stats.silent.add(3);
    stats.closed(CloseReason.HELLO_TIMEOUT).add(11);
    stats.closed(CloseReason.NO_ROUTE).add(13);
    stats.closed(CloseReason.NO_SNI).add(17);
    stats.closed(CloseReason.HELLO_INCOMPLETE).add(19);
    stats.closed(CloseReason.NO_DESCRIPTORS).add(23);

    Exposition page = page();
    String label = "{envoy_listener_address=\"127.0.0.1_10001\"}";
    assertThat(page.values())
        .containsEntry("envoy_listener_downstream_cx_total" + label, 7L)
        .containsEntry("envoy_listener_downstream_cx_active" + label, 2L)
        .containsEntry("envoy_listener_downstream_cx_destroy" + label, 5L)
        .containsEntry("envoy_listener_downstream_cx_overflow" + label, 1L)
        .containsEntry("envoy_listener_downstream_cx_overload_reject" + label, 23L)
        .containsEntry("envoy_listener_downstream_pre_cx_timeout" + label, 11L)
        .containsEntry("envoy_listener_downstream_listener_filter_remote_close" + label, 22L)
        .containsEntry("envoy_listener_no_filter_chain_match" + label, 30L)
        .containsEntry("envoy_listener_manager_total_listeners_active{}", 1L)
        .containsEntry("envoy_server_total_connections{}", 2L);
    assertThat(page.types())
        .containsEntry("envoy_listener_downstream_cx_total", "counter")
        .containsEntry("envoy_listener_downstream_cx_active", "gauge");
  }

  @Test
  void countsClientHellosOfAllListenersTogether() {
    for (int port = 1; port <= 2; port++) {
      ListenerStats stats = proxy.listener("inbound:10.0.0.1:" + port, "10.0.0.1", port);
      stats.sniFound.add(10);
      stats.sniMissing.add(1);
      stats.closed(CloseReason.NOT_TLS).add(2);
      stats.closed(CloseReason.MALFORMED_HELLO).add(3);
      stats.closed(CloseReason.HELLO_TOO_LONG).add(4);
    }
    assertThat(page().values())
        .containsEntry("envoy_tls_inspector_sni_found{}", 20L)
        .containsEntry("envoy_tls_inspector_sni_not_found{}", 2L)
        .containsEntry("envoy_tls_inspector_tls_found{}", 22L)
        .containsEntry("envoy_tls_inspector_tls_not_found{}", 10L)
        .containsEntry("envoy_tls_inspector_client_hello_too_large{}", 8L);
  }

  @Test
  void tellsReasonAndOriginOfEveryEndFromZeroOn() {
    ListenerStats stats = proxy.listener("in", "10.0.0.1", 1);
    stats.closed(CloseReason.NO_ROUTE).add(4);
    stats.silent.add(6);

    Map<String, Long> values = page().values();
    assertThat(values)
        .containsEntry(
            "zoneproxy_connections_closed"
                + "{listener=\"in\",reason=\"NO_ROUTE\",origin=\"downstream\"}",
            4L)
        .containsEntry(
            "zoneproxy_connections_closed"
                + "{listener=\"in\",reason=\"DRAINED\",origin=\"proxy\"}",
            0L)
        .containsEntry("zoneproxy_connections_silent{listener=\"in\"}", 6L);
    assertThat(
            values.keySet().stream().filter(key -> key.startsWith("zoneproxy_connections_closed")))
        .hasSize(CloseReason.values().length);
  }

  @Test
  void namesClustersAsEnvoyDoes() {
    ClusterStats stats = new ClusterStats();
    stats.total.add(5);
    stats.active.add(1);
    stats.connectFail.add(2);
    stats.connectTimeout.add(1);
    stats.noneHealthy.add(3);
    stats.failover.add(4);
    stats.rxBytes.add(100);
    stats.txBytes.add(200);
    stats.connectMs().record(1);
    stats.connectMs().record(40);
    stats.connectMs().record(9_999_999);
    proxy.clusters(List.of(FakeProxy.cluster("default:backend", stats, "east", "west")));

    Exposition page = page();
    String label = "{envoy_cluster_name=\"default_backend\"}";
    assertThat(page.values())
        .containsEntry("envoy_cluster_upstream_cx_total" + label, 5L)
        .containsEntry("envoy_cluster_upstream_cx_active" + label, 1L)
        .containsEntry("envoy_cluster_upstream_cx_connect_fail" + label, 2L)
        .containsEntry("envoy_cluster_upstream_cx_connect_timeout" + label, 1L)
        .containsEntry("envoy_cluster_upstream_cx_none_healthy" + label, 3L)
        .containsEntry("envoy_cluster_upstream_rq_retry" + label, 4L)
        .containsEntry("envoy_cluster_upstream_rq_total" + label, 3L)
        .containsEntry("envoy_cluster_upstream_cx_rx_bytes_total" + label, 100L)
        .containsEntry("envoy_cluster_upstream_cx_tx_bytes_total" + label, 200L)
        .containsEntry("envoy_cluster_membership_total" + label, 2L)
        .containsEntry("envoy_cluster_membership_healthy" + label, 2L)
        .containsEntry("envoy_cluster_upstream_cx_connect_ms_sum" + label, 10_000_040L)
        .containsEntry("envoy_cluster_upstream_cx_connect_ms_count" + label, 3L)
        .containsEntry(
            "envoy_tcp_downstream_cx_rx_bytes_total{envoy_tcp_prefix=\"default_backend\"}", 200L)
        .containsEntry(
            "envoy_tcp_downstream_cx_tx_bytes_total{envoy_tcp_prefix=\"default_backend\"}", 100L)
        .containsEntry("envoy_cluster_manager_active_clusters{}", 1L);
    assertThat(page.types())
        .containsEntry("envoy_cluster_upstream_cx_connect_ms", "histogram")
        .containsEntry("envoy_cluster_membership_total", "gauge");
  }

  @Test
  void writesTheBoundsOfBucketsLikeEnvoy() {
    ClusterStats stats = new ClusterStats();
    stats.connectMs().record(1);
    stats.connectMs().record(9_999_999);
    proxy.clusters(List.of(FakeProxy.cluster("c", stats)));

    String bucket = "envoy_cluster_upstream_cx_connect_ms_bucket{envoy_cluster_name=\"c\",le=\"";
    assertThat(page().values())
        .containsEntry(bucket + "0.5\"}", 0L)
        .containsEntry(bucket + "1\"}", 1L)
        .containsEntry(bucket + "2500\"}", 1L)
        .containsEntry(bucket + "3600000\"}", 1L)
        .containsEntry(bucket + "+Inf\"}", 2L);
  }

  @Test
  void aClusterThatWasNeverUsedShowsZeros() {
    proxy.clusters(List.of(FakeProxy.cluster("default:idle", null, "east")));

    String label = "{envoy_cluster_name=\"default_idle\"";
    assertThat(page().values())
        .containsEntry("envoy_cluster_membership_total" + label + "}", 1L)
        .containsEntry("envoy_cluster_upstream_cx_total" + label + "}", 0L)
        .containsEntry(
            "envoy_cluster_upstream_rq_xx" + label + ",envoy_response_code_class=\"5\"}", 0L)
        .containsEntry("envoy_cluster_upstream_rq_time_bucket" + label + ",le=\"+Inf\"}", 0L)
        .containsEntry("envoy_cluster_update_success" + label + "}", 0L);
    assertThat(proxy.clusters()).allMatch(cluster -> cluster.stats() == null);
  }

  @Test
  void usedOnlyShowsTheMembersOfAClusterThatWasNeverUsed() {
    proxy.clusters(List.of(FakeProxy.cluster("default:idle", null, "east")));

    Exposition used = Exposition.read(PrometheusText.of(proxy, info, true));
    assertThat(used.values().keySet().stream().filter(key -> key.contains("default_idle")))
        .containsExactlyInAnyOrder(
            "envoy_cluster_membership_total{envoy_cluster_name=\"default_idle\"}",
            "envoy_cluster_membership_healthy{envoy_cluster_name=\"default_idle\"}");
  }

  @Test
  void countsAnswersByClass() {
    ClusterStats stats = new ClusterStats();
    for (int status : List.of(200, 204, 404, 503, 99, 600)) {
      stats.requests().onAnswer(status, 7);
    }
    proxy.clusters(List.of(FakeProxy.cluster("c", stats)));

    String series = "envoy_cluster_upstream_rq_xx{envoy_cluster_name=\"c\",";
    assertThat(page().values())
        .containsEntry(series + "envoy_response_code_class=\"1\"}", 0L)
        .containsEntry(series + "envoy_response_code_class=\"2\"}", 2L)
        .containsEntry(series + "envoy_response_code_class=\"4\"}", 1L)
        .containsEntry(series + "envoy_response_code_class=\"5\"}", 1L)
        .containsEntry("envoy_cluster_upstream_rq_completed{envoy_cluster_name=\"c\"}", 6L)
        .containsEntry("envoy_cluster_upstream_rq_time_sum{envoy_cluster_name=\"c\"}", 42L);
  }

  @Test
  void tellsOfTheControlPlane() {
    ControlPlaneStats stats = proxy.server().controlPlane;
    proxy.clusters(List.of(FakeProxy.cluster("default:echo", null, "east")));
    for (ControlPlaneStats.Type type : ControlPlaneStats.Type.values()) {
      stats.onSubscribed(type);
    }
    stats.onConnected("delta", false);
    stats.onUpdate(ControlPlaneStats.Type.LISTENER, "a", true);
    stats.onUpdate(ControlPlaneStats.Type.LISTENER, "b", false);
    stats.onUpdate(ControlPlaneStats.Type.CLUSTER, "c", true);
    stats.onEndpoints("default:echo", true);
    stats.onEndpoints("default:echo", false);
    stats.chainsWaiting.set(3);
    stats.externalOnlyMeshes.set(2);

    String label = "{envoy_cluster_name=\"default_echo\"}";
    Map<String, Long> values = page().values();
    assertThat(values)
        .containsEntry("envoy_control_plane_connected_state{}", 1L)
        .containsEntry("envoy_listener_manager_lds_update_attempt{}", 3L)
        .containsEntry("envoy_listener_manager_lds_update_success{}", 1L)
        .containsEntry("envoy_listener_manager_lds_update_rejected{}", 1L)
        .containsEntry("envoy_listener_manager_lds_version{}", VERSION_A)
        .containsEntry("envoy_cluster_manager_cds_update_success{}", 1L)
        .containsEntry("envoy_cluster_update_attempt" + label, 2L)
        .containsEntry("envoy_cluster_update_success" + label, 1L)
        .containsEntry("envoy_cluster_update_rejected" + label, 1L)
        .containsEntry("zoneproxy_external_only_meshes{}", 2L)
        .containsEntry("zoneproxy_chains_waiting{}", 3L);
    stats.onDisconnected();
    assertThat(page().values())
        .containsEntry("envoy_control_plane_connected_state{}", 0L)
        .containsEntry("envoy_cluster_manager_cds_update_failure{}", 1L);
  }

  @Test
  void clustersThatShareAStatNameAreAddedUp() {
    ClusterStats one = new ClusterStats();
    one.total.add(1);
    one.connectMs().record(3);
    ClusterStats two = new ClusterStats();
    two.total.add(2);
    two.connectMs().record(70_000_000);
    proxy.clusters(
        List.of(FakeProxy.cluster("a:b", one, "east"), FakeProxy.cluster("a_b", two, "west")));

    String label = "{envoy_cluster_name=\"a_b\"}";
    assertThat(page().values())
        .containsEntry("envoy_cluster_upstream_cx_total" + label, 3L)
        .containsEntry("envoy_cluster_upstream_cx_connect_ms_count" + label, 2L)
        .containsEntry("envoy_cluster_upstream_cx_connect_ms_sum" + label, 70_000_003L)
        .containsEntry("envoy_cluster_membership_total" + label, 2L);
  }

  @Test
  void escapesLabelValues() {
    proxy.listener("a\"b\\c\nd{e=\"f\"} 1", "::1", 10_001);

    assertThat(page().values())
        .containsKey("zoneproxy_connections_silent{listener=\"a\\\"b\\\\c\\nd{e=\\\"f\\\"} 1\"}")
        .containsKey("envoy_listener_downstream_cx_total{envoy_listener_address=\"[__1]_10001\"}");
  }

  @Test
  void tellsOfTheProcessAndItsConfiguration() {
    proxy.server().accessLogDropped.add(2);
    proxy.server().configApplied.add(3);
    proxy.server().configRejected.add(4);
    proxy.server().descriptorsExhausted.add(5);
    proxy.server().connections.add(6);
    proxy.server().configAppliedAtMillis.set(System.currentTimeMillis() - 3_600_000);

    Map<String, Long> values = page().values();
    assertThat(values)
        .containsEntry("zoneproxy_access_log_dropped{}", 2L)
        .containsEntry("zoneproxy_config_applied{}", 3L)
        .containsEntry("zoneproxy_config_rejected{}", 4L)
        .containsEntry("zoneproxy_descriptors_exhausted{}", 5L)
        .containsEntry("zoneproxy_connections_accepted{}", 6L)
        .containsEntry("envoy_server_concurrency{}", 4L);
    assertThat(values.getOrDefault("zoneproxy_config_age_seconds{}", 0L)).isBetween(3600L, 4600L);
    assertThat(values.getOrDefault("envoy_server_uptime{}", 0L)).isBetween(90L, 1090L);
    assertThat(values.getOrDefault("envoy_server_memory_heap_size{}", 0L))
        .isGreaterThanOrEqualTo(values.getOrDefault("envoy_server_memory_allocated{}", 0L));
  }

  @Test
  void thereIsNoConfigurationsAgeBeforeThereIsOne() {
    assertThat(page().values()).doesNotContainKey("zoneproxy_config_age_seconds{}");
  }

  @Test
  void tellsTheStateAsEnvoysNumber() {
    proxy.state(ProxyView.State.INITIALIZING);
    assertThat(page().values())
        .containsEntry("envoy_server_state{}", 3L)
        .containsEntry("envoy_server_live{}", 0L);
    proxy.state(ProxyView.State.LIVE);
    assertThat(page().values())
        .containsEntry("envoy_server_state{}", 0L)
        .containsEntry("envoy_server_live{}", 1L);
    proxy.state(ProxyView.State.DRAINING);
    assertThat(page().values()).containsEntry("envoy_server_state{}", 1L);
  }

  @Test
  void usedOnlyLeavesOutCountersAtZero() {
    ListenerStats stats = proxy.listener("in", "10.0.0.1", 1);
    stats.total.add(1);
    proxy.clusters(List.of(FakeProxy.cluster("c", new ClusterStats())));

    Exposition used = Exposition.read(PrometheusText.of(proxy, info, true));
    assertThat(used.types())
        .containsKeys("envoy_listener_downstream_cx_total", "envoy_listener_downstream_cx_active")
        .doesNotContainKeys(
            "envoy_listener_downstream_cx_destroy", "envoy_cluster_upstream_cx_connect_ms");
  }

  @Test
  void aHundredThousandClustersMakeALongPageNotASlowOne() {
    List<ClusterStatus> clusters = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      ClusterStats stats = i % 100 == 0 ? new ClusterStats() : null;
      clusters.add(FakeProxy.cluster("mesh-" + i % 7 + ":service-" + i, stats, "east"));
    }
    proxy.clusters(clusters);

    Map<String, Long> values = page().values();
    assertThat(values).hasSizeGreaterThan(200_000);
    assertThat(values).containsEntry("envoy_cluster_manager_active_clusters{}", 100_000L);
    assertThat(StatsPage.of(proxy, info, false).text().length()).isGreaterThan(5_000_000);
  }

  @Test
  void theTestsReaderIsStrict() {
    for (String bad :
        List.of(
            "a{} 1",
            "# TYPE a counter\nb{} 1",
            "# TYPE a counter\na{} 1\na{} 1",
            "# TYPE a counter\na{x=\"\\q\"} 1",
            "# TYPE a counter\na{x=\"1\"y=\"2\"} 1",
            "# TYPE a counter\na{} 1\n# TYPE b gauge\nb{} 1\n# TYPE a counter\na{z=\"\"} 1",
            "# TYPE h histogram\nh_bucket{le=\"0.5\"} 2\nh_bucket{le=\"+Inf\"} 1",
            "# TYPE h histogram\nh_bucket{le=\"+Inf\"} 1\nh_sum{} 1\nh_count{} 2",
            "# TYPE a counter\n\na{} 1")) {
      assertThatThrownBy(() -> Exposition.read(bad + '\n'))
          .as(bad)
          .isInstanceOf(AssertionError.class);
    }
  }

  private Exposition page() {
    return Exposition.read(PrometheusText.of(proxy, info, false));
  }
}
