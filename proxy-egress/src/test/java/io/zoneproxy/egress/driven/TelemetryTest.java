package io.zoneproxy.egress.driven;

import static io.zoneproxy.egress.driven.DrivenZone.EGRESS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLog;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.config.trace.v3.OpenTelemetryConfig;
import io.envoyproxy.envoy.config.trace.v3.Tracing;
import io.envoyproxy.envoy.extensions.access_loggers.grpc.v3.CommonGrpcAccessLogConfig;
import io.envoyproxy.envoy.extensions.access_loggers.open_telemetry.v3.OpenTelemetryAccessLogConfig;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.type.tracing.v3.CustomTag;
import io.envoyproxy.envoy.type.v3.Percent;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.zoneproxy.core.config.RemovalPolicy;
import io.zoneproxy.core.http.RawClient;
import io.zoneproxy.core.observe.process.CollectorStats;
import io.zoneproxy.core.relay.TestUpstream;
import io.zoneproxy.cp.Xds;
import io.zoneproxy.cp.resource.ResourceType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Spans and logs that a control plane asks for reach a collector of OpenTelemetry. */
final class TelemetryTest {
  private static final String COLLECTOR = "meshtrace:opentelemetry";
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PARENT = "b7ad6b7169203331";

  /** As many make a message at once. */
  private static final int BATCH = 5;

  private final DrivenZone zone;
  private final TestCollector collector = new TestCollector();
  private final List<String> received = new CopyOnWriteArrayList<>();
  private final TestUpstream upstream =
      new TestUpstream(
          socket -> {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
              int next = socket.getInputStream().read();
              if (next < 0) {
                return;
              }
              head.append((char) next);
            }
            received.add(head.toString());
            socket
                .getOutputStream()
                .write(
                    "HTTP/1.1 503 No\r\ncontent-length: 2\r\nconnection: close\r\n\r\nno"
                        .getBytes(StandardCharsets.US_ASCII));
          });

  TelemetryTest(@TempDir Path folder) throws IOException {
    zone = new DrivenZone(folder);
  }

  @AfterEach
  void close() throws Exception {
    upstream.close();
    collector.close();
    zone.close();
  }

  private DrivenProxy start(int collectorPort, double overall) throws IOException {
    cluster("web", upstream.address().port(), List.of());
    cluster(
        COLLECTOR,
        collectorPort,
        List.of(
            HttpProtocolOptions.newBuilder()
                .setExplicitHttpConfig(
                    HttpProtocolOptions.ExplicitHttpConfig.newBuilder()
                        .setHttp2ProtocolOptions(Http2ProtocolOptions.getDefaultInstance()))
                .build()));
    zone.add(
        EGRESS,
        FilterChain.newBuilder()
            .addFilters(Xds.filter("envoy.filters.network.http_connection_manager", http(overall)))
            .build());
    zone.listen(EGRESS);
    DrivenProxy proxy = DrivenProxy.start(zone, RemovalPolicy.DRAIN, EGRESS);
    await().until(() -> !proxy.proxy.view().listeners().isEmpty());
    return proxy;
  }

  private void cluster(String name, int port, List<Message> options) {
    Cluster.Builder cluster = Xds.fixed(name, Xds.address("127.0.0.1", port)).toBuilder();
    for (Message option : options) {
      cluster.putTypedExtensionProtocolOptions(
          "envoy.extensions.upstreams.http.v3.HttpProtocolOptions", Any.pack(option));
    }
    zone.ads(EGRESS).put(ResourceType.CLUSTER, name, cluster.build());
  }

  private static HttpConnectionManager http(double overall) {
    VirtualHost host =
        VirtualHost.newBuilder()
            .setName("web")
            .addDomains("*")
            .addRoutes(
                Route.newBuilder()
                    .setMatch(RouteMatch.newBuilder().setPrefix("/"))
                    .setRoute(RouteAction.newBuilder().setCluster("web")))
            .build();
    return HttpConnectionManager.newBuilder()
        .setStatPrefix("web")
        .setRouteConfig(RouteConfiguration.newBuilder().addVirtualHosts(host))
        .addHttpFilters(
            HttpFilter.newBuilder()
                .setName("envoy.filters.http.router")
                .setTypedConfig(Any.pack(Router.getDefaultInstance())))
        .setTracing(tracing(overall))
        .addAccessLog(
            AccessLog.newBuilder()
                .setName("envoy.access_loggers.open_telemetry")
                .setTypedConfig(Any.pack(log())))
        .build();
  }

  /** Its newer fields are left out: the messages of the test know as little of them. */
  private static OpenTelemetryAccessLogConfig log() {
    return OpenTelemetryAccessLogConfig.newBuilder()
        .setCommonConfig(
            CommonGrpcAccessLogConfig.newBuilder()
                .setLogName("MeshAccessLog")
                .setGrpcService(service(COLLECTOR)))
        .setBody(
            AnyValue.newBuilder()
                .setKvlistValue(
                    KeyValueList.newBuilder()
                        .addValues(text("status", "%RESPONSE_CODE%"))
                        .addValues(
                            KeyValue.newBuilder()
                                .setKey("n")
                                .setValue(AnyValue.newBuilder().setIntValue(7)))))
        .setAttributes(KeyValueList.newBuilder().addValues(text("path", "p=%REQ(:PATH)%")))
        .setResourceAttributes(KeyValueList.newBuilder().addValues(text("kuma.mesh", "default")))
        .build();
  }

  private static KeyValue text(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  /** As kuma-cp asks for it. */
  private static HttpConnectionManager.Tracing tracing(double overall) {
    OpenTelemetryConfig config =
        OpenTelemetryConfig.newBuilder()
            .setGrpcService(service(COLLECTOR))
            .setServiceName("zone-proxy")
            .build();
    return HttpConnectionManager.Tracing.newBuilder()
        .setOverallSampling(Percent.newBuilder().setValue(overall))
        .addCustomTags(
            CustomTag.newBuilder()
                .setTag("kuma.mesh")
                .setLiteral(CustomTag.Literal.newBuilder().setValue("default")))
        .addCustomTags(
            CustomTag.newBuilder()
                .setTag("env")
                .setRequestHeader(
                    CustomTag.Header.newBuilder().setName("X-Env").setDefaultValue("prod")))
        .setProvider(
            Tracing.Http.newBuilder()
                .setName("envoy.tracers.opentelemetry")
                .setTypedConfig(Any.pack(config)))
        .setSpawnUpstreamSpan(BoolValue.of(false))
        .build();
  }

  private static GrpcService service(String cluster) {
    return GrpcService.newBuilder()
        .setEnvoyGrpc(GrpcService.EnvoyGrpc.newBuilder().setClusterName(cluster))
        .build();
  }

  private void ask(String headers) throws IOException {
    RawClient.Answer answer =
        RawClient.ask(
            zone.door(EGRESS), "GET /a?b HTTP/1.1\r\nhost: web.example\r\n" + headers + "\r\n");
    assertThat(answer.status()).isEqualTo(503);
  }

  private static Map<String, String> tags(List<KeyValue> from) {
    return from.stream()
        .collect(Collectors.toMap(KeyValue::getKey, each -> each.getValue().getStringValue()));
  }

  private static String hex(com.google.protobuf.ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }

  private static CollectorStats stats(DrivenProxy proxy) {
    return proxy.proxy.view().server().export.openTelemetry;
  }

  @Test
  void aRequestsSpanStandsBelowTheCallersAndAboveTheUpstreams() throws Exception {
    try (DrivenProxy proxy = start(collector.port(), 100)) {
      for (int i = 0; i < BATCH; i++) {
        ask("traceparent: 00-%s-%s-01\r\ntracestate: a=1\r\n".formatted(TRACE, PARENT));
      }
      ResourceSpans told = TestCollector.next(collector.traces).getResourceSpans(0);
      assertThat(tags(told.getResource().getAttributesList()))
          .containsEntry("service.name", "zone-proxy");
      Span span = told.getScopeSpans(0).getSpans(0);
      assertThat(hex(span.getTraceId())).isEqualTo(TRACE);
      assertThat(hex(span.getParentSpanId())).isEqualTo(PARENT);
      assertThat(span.getTraceState()).isEqualTo("a=1");
      assertThat(span.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
      assertThat(span.getName()).isEqualTo("ingress");
      assertThat(span.getEndTimeUnixNano()).isGreaterThan(span.getStartTimeUnixNano());
      assertThat(span.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
      assertThat(tags(span.getAttributesList()))
          .containsEntry("node_id", ".egress-1")
          .containsEntry("component", "proxy")
          .containsEntry("http.method", "GET")
          .containsEntry("http.url", "http://web.example/a?b")
          .containsEntry("http.protocol", "HTTP/1.1")
          .containsEntry("http.status_code", "503")
          .containsEntry("error", "true")
          .containsEntry("response_flags", "-")
          .containsEntry("response_size", "2")
          .containsEntry("upstream_cluster", "web")
          .containsEntry("upstream_address", upstream.address().toString())
          .containsEntry("peer.address", "127.0.0.1")
          .containsEntry("user_agent", "-")
          .containsEntry("kuma.mesh", "default")
          .containsEntry("env", "prod")
          .containsKey("guid:x-request-id");
      assertThat(received.get(0))
          .contains("traceparent: 00-" + TRACE + "-" + hex(span.getSpanId()) + "-01\r\n")
          .contains("tracestate: a=1\r\n");
      await().until(() -> stats(proxy).sent.sum() >= BATCH);
      assertThat(stats(proxy).dropped.sum()).isZero();
    }
  }

  @Test
  void whatIsNotSampledIsNotReportedButItsPlaceGoesOn() throws Exception {
    try (DrivenProxy proxy = start(collector.port(), 0)) {
      ask("");
      assertThat(received.get(0)).containsPattern("traceparent: 00-[0-9a-f]{32}-[0-9a-f]{16}-00");
      ask("traceparent: 00-%s-%s-00\r\n".formatted(TRACE, PARENT));
      assertThat(received.get(1)).containsPattern("traceparent: 00-" + TRACE + "-[0-9a-f]{16}-00");
      ask("traceparent: nonsense\r\n");
      assertThat(received.get(2)).contains("traceparent: nonsense\r\n");
      assertThat(stats(proxy).sent.sum() + stats(proxy).dropped.sum()).isZero();
    } // its end sends what is left
    assertThat(collector.traces).isEmpty();
  }

  @Test
  void recordsOfLogsReachTheCollectorAsTheyAreConfigured() throws Exception {
    try (DrivenProxy proxy = start(collector.port(), 0)) {
      ask("");
      ResourceLogs told = TestCollector.next(collector.logs).getResourceLogs(0);
      assertThat(tags(told.getResource().getAttributesList()))
          .containsEntry("log_name", "MeshAccessLog")
          .containsEntry("kuma.mesh", "default")
          .containsEntry("node_name", ".egress-1");
      LogRecord record = told.getScopeLogs(0).getLogRecords(0);
      assertThat(record.getBody().getKvlistValue().getValues(0)).isEqualTo(text("status", "503"));
      assertThat(record.getBody().getKvlistValue().getValues(1).getValue().getIntValue())
          .isEqualTo(7);
      assertThat(record.getAttributes(0)).isEqualTo(text("path", "p=/a?b"));
      assertThat(record.getTimeUnixNano()).isPositive();
      await().until(() -> proxy.proxy.view().server().export.logs.sent.sum() == 1);
    }
  }

  @Test
  void theLastSpansAreSentWhenTheProcessEnds() throws Exception {
    try (DrivenProxy proxy = start(collector.port(), 100)) {
      ask("");
      assertThat(stats(proxy).sent.sum()).isZero();
    }
    assertThat(TestCollector.next(collector.traces).getResourceSpans(0).getScopeSpansCount())
        .isEqualTo(1);
  }

  @Test
  void nobodySuffersWhenTheCollectorIsDown() throws Exception {
    try (DrivenProxy proxy = start(TestUpstream.refusing().port(), 100)) {
      for (int i = 0; i < 2 * BATCH; i++) {
        ask("");
      }
      await().until(() -> stats(proxy).dropped.sum() >= BATCH);
      assertThat(stats(proxy).reportsFailed.sum()).isPositive();
    }
  }

  @Test
  void whatACollectorRefusesIsCounted() throws Exception {
    collector.refusing = true;
    try (DrivenProxy proxy = start(collector.port(), 100)) {
      for (int i = 0; i < BATCH; i++) {
        ask("");
      }
      await().until(() -> stats(proxy).dropped.sum() == BATCH);
      assertThat(stats(proxy).reportsRefused.sum()).isEqualTo(1);
    }
  }
}
