package io.zoneproxy.core.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zoneproxy.core.export.Collectors;
import io.zoneproxy.core.export.TestCollectors;
import io.zoneproxy.core.http.RawClient;
import io.zoneproxy.core.model.ClusterPolicy;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.EndpointSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.Locality;
import io.zoneproxy.core.model.LocalityEndpoints;
import io.zoneproxy.core.model.http.TracingSpec;
import io.zoneproxy.core.observe.ServerStats;
import io.zoneproxy.core.relay.TestUpstream;
import io.zoneproxy.core.text.JsonReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Spans of real requests: their place in headers, and what Zipkin and Datadog are sent. */
class TracesTest {
  private static final String TRACE = "80f198ee56343ba864fe8b2a57d3eff7";
  private static final String SPAN = "e457b5a2e4d86bd1";
  private static final String B3 =
      "x-b3-traceid: " + TRACE + "\r\nx-b3-spanid: " + SPAN + "\r\nx-b3-sampled: 1\r\n";

  /** As many make a message at once. */
  private static final int BATCH = 5;

  private final List<HttpUpstreams.Received> received = new CopyOnWriteArrayList<>();
  private final TestUpstream upstream =
      new TestUpstream(
          HttpUpstreams.answering(
              request -> {
                received.add(request);
                return HttpUpstreams.ok("hello");
              }));
  private final BlockingQueue<HttpUpstreams.Received> told = new LinkedBlockingQueue<>();
  private final TestUpstream collector =
      new TestUpstream(
          HttpUpstreams.answering(
              request -> {
                told.add(request);
                return "HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n";
              }));
  private final ServerStats stats = new ServerStats();
  private final HttpProxyFixture proxy = new HttpProxyFixture();
  private Collectors collectors = TestCollectors.of(stats, 1024);

  TracesTest() throws IOException {}

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    collectors.close();
    upstream.close();
    collector.close();
  }

  private InetSocketAddress serve(TracingSpec.Provider to, HostPort collectorAt) throws Exception {
    return serve(new TracingSpec(to, List.of(), 100, 100, 100), collectorAt);
  }

  private InetSocketAddress serve(TracingSpec spec, HostPort collectorAt) throws Exception {
    proxy.tracing = Optional.of(spec);
    proxy.tracers = collectors;
    collectors.begin(proxy::cluster);
    proxy.others =
        Map.of(
            "collector",
            new ClusterSpec(
                "collector",
                List.of(
                    new LocalityEndpoints(
                        Locality.ofZone(""),
                        0,
                        1,
                        List.of(new EndpointSpec(collectorAt, 1, Map.of())))),
                ClusterPolicy.DEFAULT));
    return proxy.serve(upstream.address());
  }

  private static TracingSpec.Zipkin zipkin(boolean wide, boolean shared) {
    return new TracingSpec.Zipkin(
        "collector", "/api/v2/spans", "zipkin.example:9411", wide, shared);
  }

  private static void ask(InetSocketAddress address, String headers) throws IOException {
    String request = "GET /a?b=c HTTP/1.1\r\nhost: web.example\r\n" + headers + "\r\n";
    assertThat(RawClient.ask(address, request).status()).isEqualTo(200);
  }

  private HttpUpstreams.Received told() throws InterruptedException {
    HttpUpstreams.Received next = told.poll(20, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("the collector was told nothing");
    }
    return next;
  }

  /** What the upstream was told last. */
  private String header(String name) {
    Matcher header =
        Pattern.compile("(?im)^" + Pattern.quote(name) + ": (.*)$")
            .matcher(received.get(received.size() - 1).head());
    return header.find() ? header.group(1).strip() : "";
  }

  @Test
  void zipkinIsSentASpanBelowThatOfTheCaller() throws Exception {
    InetSocketAddress address = serve(zipkin(true, false), collector.address());
    for (int i = 0; i < BATCH; i++) {
      ask(address, B3);
    }
    HttpUpstreams.Received message = told();
    assertThat(message.line()).isEqualTo("POST /api/v2/spans HTTP/1.1");
    assertThat(message.has("host: zipkin.example:9411")).isTrue();
    assertThat(message.has("content-type: application/json")).isTrue();
    Map<String, Object> span = JsonReader.object(first(message.body()));
    assertThat(span)
        .containsEntry("traceId", TRACE)
        .containsEntry("parentId", SPAN)
        .containsEntry("name", "ingress")
        .containsEntry("kind", "SERVER")
        .containsKeys("timestamp", "duration", "localEndpoint")
        .doesNotContainKey("shared");
    assertThat(span)
        .extractingByKey("tags")
        .asString()
        .contains("http.url=http://web.example/a?b=c");
    assertThat(received.get(0).has("x-b3-spanid: " + span.get("id"))).isTrue();
    assertThat(header("x-b3-traceid")).isEqualTo(TRACE);
    assertThat(header("x-b3-parentspanid")).isEqualTo(SPAN);
    assertThat(header("x-b3-sampled")).isEqualTo("1");
    await().until(() -> stats.export.zipkin.sent.sum() >= BATCH);
    assertThat(proxy.series())
        .containsEntry(
            "envoy_http_tracing_random_sampling{envoy_http_conn_manager_prefix=\"outside\"}", 5L);
  }

  /** The first object of an array. */
  private static String first(String array) {
    int depth = 0;
    for (int i = 1; i < array.length(); i++) {
      depth += array.charAt(i) == '{' ? 1 : array.charAt(i) == '}' ? -1 : 0;
      if (depth == 0) {
        return array.substring(1, i + 1);
      }
    }
    throw new AssertionError(array);
  }

  @Test
  void aSharedSpanHasTheIdOfTheCallers() throws Exception {
    InetSocketAddress address = serve(zipkin(false, true), collector.address());
    ask(address, B3 + "x-b3-parentspanid: 05e3ac9a4f6e3b90\r\n");
    assertThat(header("x-b3-spanid")).isEqualTo(SPAN);
    assertThat(header("x-b3-parentspanid")).isEqualTo("05e3ac9a4f6e3b90");
  }

  @Test
  void aNewTraceHasAnIdAsWideAsConfigured() throws Exception {
    ask(serve(zipkin(false, false), collector.address()), "");
    assertThat(header("x-b3-traceid")).hasSize(16);
    assertThat(header("x-b3-parentspanid")).isEmpty();
    ask(serve(zipkin(true, false), collector.address()), "");
    assertThat(header("x-b3-traceid")).hasSize(32);
  }

  @Test
  void theOneHeaderOfB3IsUnderstoodAndToldToo() throws Exception {
    InetSocketAddress address = serve(zipkin(true, false), collector.address());
    ask(address, "b3: " + TRACE + "-" + SPAN + "-0\r\n");
    assertThat(header("x-b3-sampled")).isEqualTo("0");
    assertThat(header("b3"))
        .isEqualTo(TRACE + "-" + header("x-b3-spanid") + "-0-" + SPAN)
        .doesNotContain(TRACE + "-" + SPAN);
    ask(address, "b3: " + TRACE + "-nonsense-1\r\n");
    assertThat(header("b3")).isEqualTo(TRACE + "-nonsense-1");
    assertThat(header("x-b3-traceid")).isEmpty();
  }

  @Test
  void datadogIsSentTracesAndItsPriorityStands() throws Exception {
    InetSocketAddress address =
        serve(new TracingSpec.Datadog("collector", "zone-proxy"), collector.address());
    for (int i = 0; i < BATCH; i++) {
      ask(
          address,
          """
          x-datadog-trace-id: 18446744073709551615\r
          x-datadog-parent-id: 7\r
          x-datadog-sampling-priority: 2\r
          """);
    }
    HttpUpstreams.Received message = told();
    assertThat(message.line()).isEqualTo("POST /v0.4/traces HTTP/1.1");
    assertThat(message.body())
        .startsWith("[[{\"service\":\"zone-proxy\",\"name\":\"envoy.proxy\"")
        .contains("\"trace_id\":18446744073709551615,\"span_id\":")
        .contains("\"parent_id\":7,")
        .contains("\"_sampling_priority_v1\":2");
    assertThat(header("x-datadog-trace-id")).isEqualTo("18446744073709551615");
    assertThat(header("x-datadog-sampling-priority")).isEqualTo("2");
    assertThat(header("x-datadog-parent-id")).matches("[1-9][0-9]+");

    ask(address, "x-datadog-trace-id: 5\r\nx-datadog-sampling-priority: -1\r\n");
    assertThat(header("x-datadog-sampling-priority")).isEqualTo("-1");
    assertThat(header("x-datadog-trace-id")).isEqualTo("5");
  }

  @Test
  void aPriorityThatIsNoNumberOfJsonSpoilsNoMessage() throws Exception {
    InetSocketAddress address =
        serve(new TracingSpec.Datadog("collector", "zone-proxy"), collector.address());
    for (String priority : List.of("007", "00", "-01", "1e3", "")) {
      ask(address, "x-datadog-trace-id: 5\r\nx-datadog-sampling-priority: " + priority + "\r\n");
      assertThat(header("x-datadog-sampling-priority")).as(priority).isEqualTo("1");
    }
    assertThat(told().body()).doesNotContainPattern("_sampling_priority_v1\":(?!1,)");
  }

  @Test
  void aStateThatIsTooLongGoesOnAsItCame() throws Exception {
    TracingSpec all =
        new TracingSpec(new TracingSpec.OpenTelemetry("collector", "x"), List.of(), 100, 100, 100);
    InetSocketAddress address = serve(all, collector.address());
    String parent = "traceparent: 00-" + TRACE + "-" + SPAN + "-01\r\n";
    String state = "a=" + "b".repeat(1000);
    ask(address, parent + "tracestate: " + state + "\r\n");
    assertThat(header("tracestate")).isEqualTo(state);
    assertThat(header("traceparent")).contains(TRACE).doesNotContain(SPAN);
    ask(address, parent + "tracestate: a=1\r\ntracestate: b=2\r\n");
    assertThat(header("tracestate")).isEqualTo("a=1,b=2");
  }

  @Test
  void aMessageThatHttpCannotHoldIsDroppedAndCounted() throws Exception {
    TracingSpec.Zipkin to =
        new TracingSpec.Zipkin("collector", "/api v2", "zipkin.example", true, false);
    InetSocketAddress address = serve(to, collector.address());
    for (int i = 0; i < BATCH; i++) {
      ask(address, "");
    }
    await().until(() -> stats.export.zipkin.dropped.sum() == BATCH);
    assertThat(told).isEmpty();
  }

  @Test
  void theRequestsIdSaysWhoIsChosen() throws Exception {
    TracingSpec none =
        new TracingSpec(new TracingSpec.OpenTelemetry("collector", "x"), List.of(), 100, 0, 100);
    InetSocketAddress address = serve(none, collector.address());
    ask(address, "");
    assertThat(header("x-request-id").charAt(14)).isEqualTo('4');
    assertThat(header("traceparent")).endsWith("-00");
    ask(address, "x-client-trace-id: me\r\n");
    assertThat(header("x-request-id").charAt(14)).isEqualTo('b');
    assertThat(header("traceparent")).endsWith("-01");
    ask(address, "x-envoy-force-trace: 1\r\n");
    assertThat(header("x-request-id").charAt(14)).isEqualTo('a');
    assertThat(header("x-envoy-force-trace")).isEmpty();
    ask(address, "x-request-id: 00000001-0000-9000-8000-000000000000\r\n"); // the sidecar's choice
    assertThat(header("traceparent")).endsWith("-01");
    ask(address, "x-request-id: mine\r\n");
    assertThat(header("x-request-id")).isEqualTo("mine");
    assertThat(header("traceparent")).endsWith("-00");
  }

  @Test
  void theOverallShareIsCutByTheNumberInTheId() throws Exception {
    TracingSpec half =
        new TracingSpec(new TracingSpec.OpenTelemetry("collector", "x"), List.of(), 0, 60.5, 50);
    InetSocketAddress address = serve(half, collector.address());
    for (int share : List.of(0, 49, 50, 99, 6_049, 6_050, 10_000)) {
      ask(address, "x-request-id: %08x-0000-4000-8000-000000000000\r\n".formatted(share));
      boolean chosen = share % 10_000 < 6_050 && share % 100 < 50;
      assertThat(header("traceparent")).as("%d", share).endsWith(chosen ? "-01" : "-00");
    }
  }

  @Test
  void whatTheQueueCannotTakeIsDroppedAndCounted() throws Exception {
    collectors.close();
    collectors = TestCollectors.of(stats, 8);
    InetSocketAddress address = serve(zipkin(true, false), TestUpstream.refusing());
    for (int i = 0; i < 30; i++) {
      ask(address, "");
    }
    await().until(() -> stats.export.zipkin.dropped.sum() >= 30 - 8);
    assertThat(stats.export.zipkin.sent.sum()).isZero();
    String completed =
        "envoy_http_downstream_rq_completed{envoy_http_conn_manager_prefix=\"outside\"}";
    await().untilAsserted(() -> assertThat(proxy.series()).containsEntry(completed, 30L));
  }

  @Test
  void requestsThatThisProxyAnswersHaveSpansToo() throws Exception {
    proxy.path = "/only";
    InetSocketAddress address = serve(zipkin(true, false), collector.address());
    for (int i = 0; i < BATCH; i++) {
      assertThat(RawClient.get(address, "/").status()).isEqualTo(404);
    }
    assertThat(told().body())
        .contains("\"http.status_code\":\"404\"")
        .contains("\"response_flags\":\"NR\"")
        .doesNotContain("upstream_cluster", "\"error\"");
  }
}
