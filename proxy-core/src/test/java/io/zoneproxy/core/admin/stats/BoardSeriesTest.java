package io.zoneproxy.core.admin.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zoneproxy.core.admin.metric.ServerInfo;
import io.zoneproxy.core.config.ProxyConfig;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.relay.TestProxy;
import io.zoneproxy.core.relay.TestUpstream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What Kuma's boards draw is there, on a running proxy, and moves. */
final class BoardSeriesTest {
  private final ServerInfo info = new ServerInfo("1.2.3", 2, Instant.now());

  private TestProxy proxy;
  private TestUpstream upstream;

  /** One line of the list. */
  record Wanted(String metric, String type, Set<String> labels) {
    static Wanted of(String line) {
      String[] parts = line.split(" ", -1);
      Set<String> labels =
          Arrays.stream(parts[3].split(",", -1))
              .filter(label -> !label.equals("-"))
              .collect(Collectors.toSet());
      return new Wanted(parts[1], parts[2], labels);
    }

    String family() {
      return type.equals("histogram") ? metric.replaceFirst("_bucket$", "") : metric;
    }
  }

  static Stream<Wanted> wanted() throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(
                    BoardSeriesTest.class.getResourceAsStream("board-series.txt")),
                StandardCharsets.UTF_8))) {
      return lines.lines().filter(line -> !line.startsWith("#")).map(Wanted::of).toList().stream();
    }
  }

  @BeforeEach
  void start() throws IOException {
    upstream = new TestUpstream(TestUpstream.ECHO);
    proxy = new TestProxy(ProxyConfig.withMaxConnections(100), 2);
    proxy.route(Map.of("used", List.of(upstream.address()), "idle", List.of(upstream.address())));
  }

  @AfterEach
  void close() throws IOException {
    proxy.close();
    upstream.close();
  }

  private void talk(String serverName) throws IOException {
    try (Socket socket = proxy.dial(serverName)) {
      socket.shutdownOutput();
      assertThat(socket.getInputStream().readAllBytes()).isNotEmpty();
    }
    proxy.nextClosed();
  }

  private Exposition page() {
    return Exposition.read(PrometheusText.of(proxy.runtime, info, false));
  }

  private static Set<String> labelKeys(String series) {
    String labels = series.substring(series.indexOf('{') + 1, series.length() - 1);
    return Arrays.stream(labels.split(",", -1))
        .filter(label -> !label.isEmpty())
        .map(label -> label.substring(0, label.indexOf('=')))
        .collect(Collectors.toSet());
  }

  @ParameterizedTest
  @MethodSource("wanted")
  void isThereOnTheFirstScrape(Wanted wanted) {
    Exposition page = page();
    assertThat(page.types()).containsEntry(wanted.family(), wanted.type());
    List<String> series =
        page.values().keySet().stream()
            .filter(key -> key.startsWith(wanted.metric() + "{"))
            .toList();
    assertThat(series).isNotEmpty().allMatch(key -> labelKeys(key).equals(wanted.labels()));
    if (wanted.labels().contains("envoy_cluster_name")) {
      assertThat(series).anyMatch(key -> key.contains("\"cluster_idle\""));
      assertThat(series).anyMatch(key -> key.contains("\"cluster_used\""));
    }
  }

  @Test
  void aScrapeMakesNoCounters() {
    page();
    assertThat(proxy.runtime.clusters()).allMatch(cluster -> cluster.stats() == null);
  }

  @Test
  void connectionsMoveWhatIsDrawnOfThem() throws IOException {
    talk("used");
    talk("used");

    String cluster = "{envoy_cluster_name=\"cluster_used\"}";
    String listener = "{envoy_listener_address=\"127.0.0.1_%d\"}".formatted(proxy.port());
    Map<String, Long> values = page().values();
    assertThat(values)
        .containsEntry("envoy_cluster_upstream_cx_total" + cluster, 2L)
        .containsEntry("envoy_cluster_upstream_rq_total" + cluster, 2L)
        .containsEntry("envoy_cluster_upstream_cx_rx_bytes_total" + cluster, 10L)
        .containsEntry("envoy_cluster_upstream_cx_tx_bytes_total" + cluster, 10L)
        .containsEntry("envoy_cluster_upstream_cx_connect_ms_count" + cluster, 2L)
        .containsEntry("envoy_cluster_membership_healthy" + cluster, 1L)
        .containsEntry(
            "envoy_tcp_downstream_cx_rx_bytes_total{envoy_tcp_prefix=\"cluster_used\"}", 10L)
        .containsEntry("envoy_listener_downstream_cx_total" + listener, 2L)
        .containsEntry("envoy_listener_downstream_cx_active" + listener, 0L)
        .containsEntry("envoy_cluster_upstream_cx_total{envoy_cluster_name=\"cluster_idle\"}", 0L);
  }

  @Test
  void failedDialsAndResetsMoveTheirCounters() throws IOException {
    HostPort nobody = TestUpstream.refusing();
    try (TestUpstream resetting =
        new TestUpstream(
            socket -> {
              TestUpstream.readLine(socket);
              socket.setSoLinger(true, 0);
              socket.close();
            })) {
      proxy.route(Map.of("down", List.of(nobody), "rude", List.of(resetting.address())));
      for (String name : List.of("down", "rude")) {
        try (Socket socket = proxy.dial(name)) {
          proxy.nextClosed();
          assertThat(socket.isConnected()).isTrue();
        }
      }
    }
    Map<String, Long> values = page().values();
    assertThat(values)
        .containsEntry(
            "envoy_cluster_upstream_cx_connect_fail{envoy_cluster_name=\"cluster_down\"}", 1L)
        .containsEntry(
            "envoy_cluster_upstream_cx_destroy_remote_with_active_rq"
                + "{envoy_cluster_name=\"cluster_rude\"}",
            1L);
  }

  @Test
  void configurationsMoveWhatCameChangedAndWent() {
    assertThat(page().values())
        .containsEntry("envoy_listener_manager_listener_added{}", 1L)
        .containsEntry("envoy_listener_manager_listener_create_success{}", 1L)
        .containsEntry("envoy_cluster_manager_cluster_added{}", 2L);
    proxy.route(Map.of("used", List.of(upstream.address(), upstream.address())));
    assertThat(page().values())
        .containsEntry("envoy_listener_manager_listener_modified{}", 1L)
        .containsEntry("envoy_listener_manager_listener_removed{}", 0L)
        .containsEntry("envoy_cluster_manager_cluster_modified{}", 1L)
        .containsEntry("envoy_cluster_manager_cluster_removed{}", 1L)
        .containsEntry("envoy_cluster_manager_active_clusters{}", 1L);
  }

  @Test
  void aLoopThatIsHeldIsMissed() throws InterruptedException {
    CountDownLatch until = new CountDownLatch(1);
    try {
      proxy.hold(until);
      String worker = "{envoy_worker_id=\"1\",worker=\"1\"}";
      await()
          .untilAsserted(
              () -> {
                // On a busy machine it may have been late by itself before.
                Map<String, Long> values = page().values();
                assertThat(values.get("envoy_server_watchdog_miss" + worker)).isPositive();
                assertThat(values.get("envoy_server_watchdog_mega_miss" + worker)).isPositive();
              });
    } finally {
      until.countDown();
    }
  }

  @Test
  void withoutACertificateTheDaysAreEnvoysGreatestNumber() {
    assertThat(page().values())
        .containsEntry("envoy_server_days_until_first_cert_expiring{}", 4_294_967_295L)
        .containsEntry("envoy_server_version{}", 10_203L);
  }
}
