package io.zoneproxy.core.admin.stats;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.admin.FakeProxy;
import io.zoneproxy.core.admin.metric.ServerInfo;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.observe.ClusterStats;
import io.zoneproxy.core.observe.ListenerStats;
import io.zoneproxy.core.observe.process.ControlPlaneStats;
import io.zoneproxy.core.text.JsonReader;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StatsPageTest {
  private final ServerInfo info = new ServerInfo("0.1.0", 2, Instant.now());

  private final FakeProxy proxy = new FakeProxy();
  private final ClusterStats cluster = new ClusterStats();

  @BeforeEach
  void useTheProxy() {
    ListenerStats listener = proxy.listener("inbound:127.0.0.1:10001", "127.0.0.1", 10_001);
    listener.total.add(3);
    listener.closed(CloseReason.NO_ROUTE).add(2);
    cluster.total.add(5);
    proxy.clusters(
        List.of(
            FakeProxy.cluster("default:echo", cluster, "west"),
            FakeProxy.cluster("default:idle", null)));
  }

  @Test
  void writesEnvoysDottedNames() {
    assertThat(text(false))
        .contains(
            "cluster.default_echo.upstream_cx_total: 5",
            "cluster.default_echo.membership_total: 1",
            "cluster.default_idle.membership_total: 0",
            "listener.127.0.0.1_10001.downstream_cx_total: 3",
            "listener.127.0.0.1_10001.downstream_cx_overflow: 0",
            "listener_manager.total_listeners_active: 1",
            "cluster_manager.active_clusters: 2",
            "server.live: 1",
            "tcp.default_echo.downstream_cx_rx_bytes_total: 0",
            "tls_inspector.sni_found: 0",
            "zoneproxy.inbound:127.0.0.1:10001.NO_ROUTE.connections_closed: 2",
            "zoneproxy.access_log_dropped: 0");
  }

  @Test
  void namesThatATerminalWouldObeyAreEscaped() {
    cluster.connectMs().record(3);
    proxy.clusters(List.of(FakeProxy.cluster("a\u001b[2J\nb", cluster)));
    assertThat(text(false))
        .contains("cluster.a\\x1B[2J\\x0Ab.upstream_cx_total: 5")
        .anyMatch(line -> line.startsWith("cluster.a\\x1B[2J\\x0Ab.upstream_cx_connect_ms: P0("))
        .noneMatch(line -> line.contains("\u001b"));
  }

  @Test
  void hasTheSameNumbersAsPrometheus() {
    long text = numbers(text(false)).count();
    long series =
        Exposition.read(PrometheusText.of(proxy, info, false)).values().keySet().stream()
            .filter(key -> !key.contains("connect_ms") && !key.contains("rq_time_"))
            .count();

    assertThat(text).isEqualTo(series).isGreaterThan(40);
  }

  @Test
  void everyLineIsANameAndAValue() {
    assertThat(text(false)).allMatch(line -> line.matches("[^ ]+: .+")).doesNotHaveDuplicates();
  }

  @Test
  void usedOnlyKeepsGaugesAndWhatWasCounted() {
    assertThat(text(true))
        .contains(
            "listener.127.0.0.1_10001.downstream_cx_total: 3",
            "listener.127.0.0.1_10001.downstream_cx_active: 0")
        .noneMatch(line -> line.contains("downstream_cx_overflow"))
        .noneMatch(line -> line.contains("connect_ms"));
  }

  @Test
  void showsDistributionsAsQuantiles() {
    assertThat(text(false))
        .contains("cluster.default_echo.upstream_cx_connect_ms: No recorded values")
        .contains("cluster.default_idle.upstream_rq_time: No recorded values");
    for (int i = 0; i < 100; i++) {
      cluster.connectMs().record(40);
    }
    assertThat(text(false))
        .contains(
            "cluster.default_echo.upstream_cx_connect_ms: P0(nan,25) P25(nan,31.25) P50(nan,37.5)"
                + " P75(nan,43.75) P90(nan,47.5) P95(nan,48.75) P99(nan,49.75) P99.5(nan,49.88)"
                + " P99.9(nan,49.98) P100(nan,50)");
  }

  @Test
  void aValueBeyondTheLastBoundCountsAsThatBound() {
    cluster.connectMs().record(1);
    cluster.connectMs().record(Long.MAX_VALUE);

    assertThat(StatsPage.quantile(cluster.connectMs().cumulative(), 100)).isEqualTo(3_600_000);
    assertThat(StatsPage.quantile(cluster.connectMs().cumulative(), 50)).isEqualTo(1);
    assertThat(StatsPage.quantile(cluster.connectMs().cumulative(), 0)).isEqualTo(0.5);
  }

  @Test
  void writesTheSameNumbersAsJson() {
    Object stats =
        JsonReader.object(StatsPage.of(proxy, info, false).json().toString())
            .getOrDefault("stats", List.of());

    assertThat(stats)
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
        .contains(
            Map.of("name", "cluster.default_echo.upstream_cx_total", "value", 5L),
            Map.of("name", "listener.127.0.0.1_10001.downstream_cx_total", "value", 3L))
        .hasSize(
            (int) (numbers(text(false)).count() + readouts(text(false)).count() + 1)); // histograms
  }

  @Test
  void writesDistributionsAsJson() {
    cluster.connectMs().record(40);
    String json =
        StatsPage.of(proxy, info, StatQuery.of(false, "cx_connect_ms", false)).json().toString();

    assertThat(json)
        .startsWith(
            "{\"stats\":[{\"histograms\":{\"supported_quantiles\":"
                + "[0,25,50,75,90,95,99,99.5,99.9,100],\"computed_quantiles\":["
                + "{\"name\":\"cluster.default_echo.upstream_cx_connect_ms\",\"values\":"
                + "[{\"interval\":null,\"cumulative\":25},{\"interval\":null,")
        .contains("\"name\":\"cluster.default_idle.upstream_cx_connect_ms\"")
        .endsWith("{\"interval\":null,\"cumulative\":null}]}]}}]}");
    assertThat(JsonReader.object(json)).containsOnlyKeys("stats");
  }

  @Test
  void tellsTextsFirstAndInQuotes() {
    assertThat(text(false)).startsWith("cluster_manager.cds.version_text: \"\"");
    assertThat(readouts(text(true))).isEmpty();
    proxy.server().controlPlane.onUpdate(ControlPlaneStats.Type.LISTENER, "v\"1", true);
    assertThat(text(true)).startsWith("listener_manager.lds.version_text: \"v\\\"1\"");
    assertThat(text(true)).contains("listener_manager.lds.update_success: 1");
  }

  @Test
  void isSortedByName() {
    assertThat(numbers(text(false)).map(line -> line.substring(0, line.indexOf(": ")))).isSorted();
  }

  @Test
  void usedOnlyLeavesOutClustersThatNobodyUsed() {
    assertThat(text(false)).contains("cluster.default_idle.upstream_rq_2xx: 0");
    assertThat(text(true).stream().filter(line -> line.startsWith("cluster.default_idle")))
        .allMatch(line -> line.contains(".membership_"));
  }

  private static Stream<String> readouts(List<String> text) {
    return text.stream().filter(line -> line.endsWith("\""));
  }

  private static Stream<String> numbers(List<String> text) {
    return text.stream().filter(line -> line.matches("[^ ]+: -?[0-9]+"));
  }

  private List<String> text(boolean usedOnly) {
    return StatsPage.of(proxy, info, usedOnly).text().toString().lines().toList();
  }
}
