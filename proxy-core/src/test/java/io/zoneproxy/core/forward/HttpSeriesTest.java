package io.zoneproxy.core.forward;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zoneproxy.core.http.RawClient;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.balance.CircuitBreakers;
import io.zoneproxy.core.model.balance.HttpUpstream;
import io.zoneproxy.core.model.http.HttpFilter;
import io.zoneproxy.core.model.policy.Fraction;
import io.zoneproxy.core.model.policy.RbacSpec;
import io.zoneproxy.core.model.policy.TokenBucket;
import io.zoneproxy.core.observe.ClusterStatus;
import io.zoneproxy.core.observe.ClusterStatus.EndpointStatus;
import io.zoneproxy.core.relay.TestUpstream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What requests move in the statistics, on a running proxy. */
class HttpSeriesTest {
  private static final String CLUSTER = "{envoy_cluster_name=\"outside\"}";
  private static final String HTTP = "{envoy_http_conn_manager_prefix=\"outside\"}";
  private static final Fraction ALL = new Fraction(100, 100);

  private final HttpProxyFixture proxy = new HttpProxyFixture();
  private String detail = ""; // of the last request

  @AfterEach
  void stop() {
    proxy.close();
  }

  private static String http(int number) {
    return "{envoy_http_conn_manager_prefix=\"outside\",envoy_response_code_class=\"%d\"}"
        .formatted(number);
  }

  private static String cluster(int number) {
    return "{envoy_cluster_name=\"outside\",envoy_response_code_class=\"%d\"}".formatted(number);
  }

  private int get(InetSocketAddress address) throws Exception {
    int status = RawClient.get(address, "/").status();
    detail = proxy.record().detail();
    return status;
  }

  @Test
  void seriesAreThereBeforeTheFirstRequest() throws Exception {
    proxy.serve(TestUpstream.refusing());
    assertThat(proxy.series())
        .containsEntry("envoy_http_downstream_rq_total" + HTTP, 0L)
        .containsEntry("envoy_http_downstream_rq_xx" + http(5), 0L)
        .containsEntry("envoy_http_downstream_rq_time_count" + HTTP, 0L)
        .containsEntry("envoy_rbac_denied" + HTTP, 0L)
        .containsEntry("envoy_http_fault_aborts_injected" + HTTP, 0L);
  }

  @Test
  void requestsAreCountedAndNotConnections() throws Exception {
    try (TestUpstream upstream =
        new TestUpstream(
            HttpUpstreams.answering(
                request ->
                    request.line().startsWith("GET /bad")
                        ? "HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n"
                        : HttpUpstreams.ok("hello")))) {
      InetSocketAddress address = proxy.serve(upstream.address());
      try (RawClient client = new RawClient(address)) {
        for (String path : List.of("/1", "/2", "/bad")) {
          client.send("GET " + path + " HTTP/1.1\r\nhost: x\r\n\r\n");
          client.answer();
          proxy.record();
        }
        assertThat(proxy.series())
            .containsEntry("envoy_http_downstream_cx_active" + HTTP, 1L)
            .containsEntry("envoy_http_downstream_cx_http1_active" + HTTP, 1L);
      }
      await()
          .untilAsserted(
              () ->
                  assertThat(proxy.series())
                      .containsEntry("envoy_http_downstream_cx_destroy" + HTTP, 1L));
      assertThat(proxy.series())
          .containsEntry("envoy_http_downstream_cx_total" + HTTP, 1L)
          .containsEntry("envoy_http_downstream_cx_active" + HTTP, 0L)
          .containsEntry("envoy_http_downstream_cx_http1_total" + HTTP, 1L)
          .containsEntry("envoy_http_downstream_cx_length_ms_count" + HTTP, 1L)
          .containsEntry("envoy_http_downstream_rq_total" + HTTP, 3L)
          .containsEntry("envoy_http_downstream_rq_completed" + HTTP, 3L)
          .containsEntry("envoy_http_downstream_rq_active" + HTTP, 0L)
          .containsEntry("envoy_http_downstream_rq_http1_total" + HTTP, 3L)
          .containsEntry("envoy_http_downstream_rq_xx" + http(2), 2L)
          .containsEntry("envoy_http_downstream_rq_xx" + http(5), 1L)
          .containsEntry("envoy_http_downstream_rq_time_count" + HTTP, 3L)
          .containsEntry("envoy_http_rq_total" + HTTP, 3L)
          .containsEntry("envoy_cluster_upstream_cx_total" + CLUSTER, 1L)
          .containsEntry("envoy_cluster_upstream_rq_total" + CLUSTER, 3L)
          .containsEntry("envoy_cluster_upstream_rq_active" + CLUSTER, 0L)
          .containsEntry("envoy_cluster_upstream_rq_completed" + CLUSTER, 3L)
          .containsEntry("envoy_cluster_upstream_rq_pending_total" + CLUSTER, 1L)
          .containsEntry("envoy_cluster_upstream_rq_pending_active" + CLUSTER, 0L)
          .containsEntry("envoy_cluster_upstream_rq_xx" + cluster(2), 2L)
          .containsEntry("envoy_cluster_upstream_rq_xx" + cluster(5), 1L)
          .containsEntry("envoy_cluster_upstream_rq_time_count" + CLUSTER, 3L);
      EndpointStatus endpoint = proxy.endpoint();
      assertThat(endpoint.total()).isOne();
      assertThat(endpoint.active()).isZero();
      assertThat(endpoint.requests()).contains(new ClusterStatus.Requests(1, 3, 2, 1, 0));
    }
  }

  @Test
  void permissionsFaultsAndLimitsAreCounted() throws Exception {
    try (TestUpstream upstream =
        new TestUpstream(HttpUpstreams.answering(request -> HttpUpstreams.ok("hello")))) {
      proxy.filters =
          List.of(
              new HttpFilter.RateLimit(
                  Optional.of(new TokenBucket(1, 1, Duration.ofHours(1))),
                  429,
                  List.of(),
                  ALL,
                  ALL),
              new HttpFilter.Router());
      InetSocketAddress address = proxy.serve(upstream.address());
      assertThat(get(address)).isEqualTo(200);
      assertThat(get(address)).isEqualTo(429);
      assertThat(detail).isEqualTo("limit: 1 requests, 1 more every 3600000 ms");
      proxy.filters = List.of(new HttpFilter.Rbac(nobody()), new HttpFilter.Router());
      assertThat(get(proxy.serve(upstream.address()))).isEqualTo(403);
      proxy.filters =
          List.of(
              new HttpFilter.Fault(
                  Optional.of(new HttpFilter.Abort(503, ALL)),
                  Optional.empty(),
                  Optional.empty(),
                  List.of()),
              new HttpFilter.Router());
      assertThat(get(proxy.serve(upstream.address()))).isEqualTo(503);
      String limit = "{envoy_local_http_ratelimit_prefix=\"rate_limit\"}";
      assertThat(proxy.series())
          .containsEntry("envoy_http_local_rate_limit_enabled" + limit, 2L)
          .containsEntry("envoy_http_local_rate_limit_ok" + limit, 1L)
          .containsEntry("envoy_http_local_rate_limit_rate_limited" + limit, 1L)
          .containsEntry("envoy_http_local_rate_limit_enforced" + limit, 1L)
          .containsEntry("envoy_rbac_denied" + HTTP, 1L)
          .containsEntry("envoy_http_fault_aborts_injected" + HTTP, 1L)
          .containsEntry("envoy_http_downstream_rq_xx" + http(4), 2L)
          .containsEntry("envoy_http_downstream_rq_total" + HTTP, 4L) // they live on in updates
          .containsEntry("envoy_http_rq_total" + HTTP, 1L);
    }
  }

  private static RbacSpec nobody() {
    return new RbacSpec(
        Optional.of(new RbacSpec.Rules(RbacSpec.Action.ALLOW, List.of())),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void timeoutsOverflowsRetriesAndResetsAreCounted() throws Exception {
    try (TestUpstream silent = new TestUpstream(socket -> socket.getInputStream().readAllBytes());
        TestUpstream rude =
            new TestUpstream(
                socket -> {
                  HttpUpstreams.read(socket.getInputStream());
                  socket.setSoLinger(true, 0);
                })) {
      proxy.timeout = Optional.of(Duration.ofMillis(50));
      assertThat(get(proxy.serve(silent.address()))).isEqualTo(504);
      proxy.timeout = Optional.of(Duration.ZERO);
      assertThat(get(proxy.serve(rude.address()))).isEqualTo(503);
      assertThat(get(proxy.serve(TestUpstream.refusing()))).isEqualTo(503);
      CircuitBreakers none = CircuitBreakers.NONE;
      proxy.limits = new CircuitBreakers(none.maxConnections(), none.maxPendingRequests(), 0, 0);
      assertThat(get(proxy.serve(rude.address()))).isEqualTo(503);
      assertThat(proxy.series())
          .containsEntry("envoy_cluster_upstream_rq_timeout" + CLUSTER, 1L)
          .containsEntry("envoy_cluster_upstream_rq_tx_reset" + CLUSTER, 1L)
          .containsEntry("envoy_cluster_upstream_cx_destroy_remote_with_active_rq" + CLUSTER, 1L)
          .containsEntry("envoy_cluster_upstream_rq_pending_failure_eject" + CLUSTER, 1L)
          .containsEntry("envoy_cluster_upstream_rq_pending_overflow" + CLUSTER, 1L)
          .containsEntry("envoy_cluster_circuit_breakers_default_rq_open" + CLUSTER, 1L)
          .containsEntry("envoy_cluster_upstream_rq_xx" + cluster(5), 4L);
    }
  }

  @Test
  void anIdleConnectionOfOneEndpointDoesNotStarveAnother() throws Exception {
    try (TestUpstream one =
            new TestUpstream(HttpUpstreams.answering(request -> HttpUpstreams.ok("one")));
        TestUpstream other =
            new TestUpstream(HttpUpstreams.answering(request -> HttpUpstreams.ok("other")))) {
      CircuitBreakers none = CircuitBreakers.NONE;
      proxy.limits = new CircuitBreakers(1, none.maxPendingRequests(), none.maxRequests(), 0);
      InetSocketAddress address = proxy.serve(one.address(), other.address());
      for (int i = 0; i < 4; i++) { // round robin: both are asked
        assertThat(get(address)).isEqualTo(200);
      }
    }
  }

  @Test
  void aDialThatFailsIsARetryOfARequest() throws Exception {
    try (TestUpstream upstream =
        new TestUpstream(HttpUpstreams.answering(request -> HttpUpstreams.ok("hello")))) {
      InetSocketAddress address = proxy.serve(TestUpstream.refusing(), upstream.address());
      assertThat(get(address)).isEqualTo(200);
      assertThat(get(address)).isEqualTo(200);
      Map<String, Long> series = proxy.series();
      assertThat(series.get("envoy_cluster_upstream_rq_retry" + CLUSTER)).isPositive();
      assertThat(series.get("envoy_cluster_upstream_rq_retry_success" + CLUSTER)).isPositive();
    }
  }

  @Test
  void callsOfGrpcAreCountedWhereThatIsAskedFor() throws Exception {
    String head = "HTTP/1.1 200 OK\r\ncontent-type: application/grpc\r\ncontent-length: 0\r\n";
    try (TestUpstream upstream =
        new TestUpstream(
            HttpUpstreams.answering(
                request ->
                    head + "grpc-status: " + (request.has("x-bad: 1") ? 5 : 0) + "\r\n\r\n"))) {
      proxy.filters = List.of(new HttpFilter.GrpcStats(), new HttpFilter.Router());
      InetSocketAddress address = proxy.serve(upstream.address());
      for (String more : List.of("", "x-bad: 1\r\n")) {
        RawClient.ask(
            address,
            "POST /s/m HTTP/1.1\r\nhost: x\r\ncontent-type: application/grpc\r\n"
                + more
                + "content-length: 0\r\n\r\n");
        proxy.record();
      }
      assertThat(proxy.series())
          .containsEntry("envoy_cluster_grpc_total" + CLUSTER, 2L)
          .containsEntry("envoy_cluster_grpc_success" + CLUSTER, 1L)
          .containsEntry("envoy_cluster_grpc_failure" + CLUSTER, 1L);
    }
  }

  @Test
  void streamsAndWhatIsCutOffAreCounted() throws Exception {
    try (TestUpstream upstream =
            new TestUpstream(
                socket -> {
                  HttpUpstreams.read(socket.getInputStream());
                  socket
                      .getOutputStream()
                      .write("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nab".getBytes(US_ASCII));
                });
        HttpProxyFixture front = new HttpProxyFixture()) {
      InetSocketAddress behind = proxy.serve(upstream.address());
      front.upstream =
          new HttpUpstream(
              HttpUpstream.Version.HTTP_2, Optional.empty(), Optional.empty(), Optional.empty());
      InetSocketAddress address = front.serve(new HostPort("127.0.0.1", behind.getPort()));
      try (RawClient client = new RawClient(address)) {
        client.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
        client.head();
        proxy.record();
        front.record();
      }
      assertThat(proxy.series())
          .containsEntry("envoy_http_downstream_cx_http2_total" + HTTP, 1L)
          .containsEntry("envoy_http_downstream_rq_http2_total" + HTTP, 1L)
          .containsEntry("envoy_http_downstream_rq_tx_reset" + HTTP, 1L)
          .containsEntry("envoy_http_rq_reset_after_downstream_response_started" + HTTP, 1L);
      assertThat(front.series())
          .containsEntry("envoy_cluster_upstream_rq_rx_reset" + CLUSTER, 1L)
          .containsEntry("envoy_cluster_upstream_cx_destroy_remote_with_active_rq" + CLUSTER, 0L);
    }
  }
}
