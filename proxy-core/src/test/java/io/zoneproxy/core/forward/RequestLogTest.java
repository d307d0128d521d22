package io.zoneproxy.core.forward;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.http.RawClient;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.balance.CircuitBreakers;
import io.zoneproxy.core.model.balance.HttpUpstream;
import io.zoneproxy.core.model.http.HttpFilter;
import io.zoneproxy.core.model.log.LogFormat;
import io.zoneproxy.core.model.policy.Fraction;
import io.zoneproxy.core.observe.ServerStats;
import io.zoneproxy.core.observe.access.AccessLog;
import io.zoneproxy.core.observe.access.AccessLogFormat;
import io.zoneproxy.core.observe.access.format.RecordFormat;
import io.zoneproxy.core.observe.access.operator.LoggedConnection;
import io.zoneproxy.core.observe.request.RequestRecord;
import io.zoneproxy.core.relay.TestUpstream;
import io.zoneproxy.core.text.JsonReader;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What access logs can say of requests that really were made. */
class RequestLogTest {
  /** The one that Kuma's policy has when nothing is said, its own words put in. */
  private static final String KUMAS =
      "default \"%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%\" %RESPONSE_CODE%"
          + " %RESPONSE_FLAGS% %BYTES_RECEIVED% %BYTES_SENT% \"%REQ(X-FORWARDED-FOR)%\""
          + " \"%REQ(USER-AGENT)%\" \"%REQ(X-B3-TRACEID?X-DATADOG-TRACEID)%\""
          + " \"%REQ(X-REQUEST-ID)%\" \"%REQ(:AUTHORITY)%\" \"web\" \"out\" \"%UPSTREAM_HOST%\"";

  private final HttpProxyFixture proxy = new HttpProxyFixture();

  @AfterEach
  void stop() {
    proxy.close();
  }

  private static String text(String format, RequestRecord record) {
    StringBuilder out = new StringBuilder();
    RecordFormat.of(new LogFormat.Text(format)).append(LoggedConnection.request(record), out);
    return out.toString();
  }

  private static TestUpstream answering(String response) throws Exception {
    return new TestUpstream(HttpUpstreams.answering(request -> response));
  }

  @Test
  void kumasFormatIsFilledIn() throws Exception {
    try (TestUpstream upstream = answering(HttpUpstreams.ok("hello"))) {
      proxy.path = "/api";
      proxy.prefixRewrite = Optional.of("/v1");
      InetSocketAddress address = proxy.serve(upstream.address());
      RawClient.ask(
          address,
          """
          POST /api/a?b=c HTTP/1.1\r
          host: out.example\r
          user-agent: "evil"\tone\\\r
          x-datadog-traceid: 77\r
          x-request-id: id-1\r
          content-length: 3\r
          \r
          abc\
          """);
      RequestRecord record = proxy.record();
      assertThat(text(KUMAS, record))
          .isEqualTo(
              "default \"POST /api/a?b=c HTTP/1.1\" 200 - 3 5 \"-\" \"\\x22evil\\x22\\x09one\\x5C\""
                  + " \"77\" \"id-1\" \"out.example\" \"web\" \"out\" \"%s\""
                      .formatted(upstream.address()));
      assertThat(text("%REQ(:PATH)% %REQ(:PATH):3% %PATH(NQ:ORIG)% %QUERY_PARAM(b)%", record))
          .isEqualTo("/v1/a?b=c /v1 /api/a c");
    }
  }

  @Test
  void namesNumbersAndTimesAreThere() throws Exception {
    try (TestUpstream upstream = answering(HttpUpstreams.ok("hello"))) {
      InetSocketAddress address = proxy.serve(upstream.address());
      RawClient.get(address, "/");
      RequestRecord record = proxy.record();
      assertThat(
              text(
                  "%ROUTE_NAME% %UPSTREAM_CLUSTER% %UPSTREAM_PROTOCOL% %RESPONSE_CODE_DETAILS%"
                      + " %UPSTREAM_REQUEST_ATTEMPT_COUNT% %ACCESS_LOG_TYPE% %CONNECTION_ID%"
                      + " %RESP(CONTENT-LENGTH)% %RESP(NONE)% %GRPC_STATUS%",
                  record))
          .isEqualTo("all outside HTTP/1.1 via_upstream 1 DownstreamEnd 1 5 - -");
      for (String name :
          List.of(
              "REQUEST_DURATION",
              "REQUEST_TX_DURATION",
              "RESPONSE_DURATION",
              "RESPONSE_TX_DURATION",
              "DURATION",
              "UPSTREAM_CONNECTION_POOL_READY_DURATION",
              "COMMON_DURATION(DS_RX_BEG:DS_TX_END:us)",
              "COMMON_DURATION(US_TX_BEG:US_RX_END:ns)",
              "REQUEST_HEADERS_BYTES",
              "RESPONSE_HEADERS_BYTES",
              "DOWNSTREAM_WIRE_BYTES_SENT")) {
        assertThat(text("%" + name + "%", record)).as(name).matches("\\d+");
      }
      assertThat(text("%DOWNSTREAM_LOCAL_ADDRESS%", record))
          .isEqualTo("127.0.0.1:" + address.getPort());
      assertThat(text("%RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%", record)).matches("\\d+");
    }
  }

  private static String line(AccessLogFormat format, RequestRecord record) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (AccessLog log = AccessLog.toStream("memory", out, format, new ServerStats())) {
      log.onEnded(record);
    }
    return out.toString(UTF_8);
  }

  @Test
  void theProgramsOwnLogHasALineOfIt() throws Exception {
    try (TestUpstream upstream = answering(HttpUpstreams.ok("hello"))) {
      InetSocketAddress address = proxy.serve(upstream.address());
      RawClient.ask(
          address,
          "GET /a%%0a?b=\"c\"%s HTTP/1.1\r\nhost: x\r\nx-request-id: id-1\r\n\r\n"
              .formatted("z".repeat(2000)));
      RequestRecord record = proxy.record();
      assertThat(JsonReader.object(line(AccessLogFormat.JSON, record).strip()))
          .containsEntry("method", "GET")
          .containsEntry("authority", "x")
          .containsEntry("request_id", "id-1")
          .containsEntry("reason", "DONE")
          .containsEntry("flags", null)
          .containsEntry("detail", null)
          .containsEntry("cluster", "outside")
          .containsEntry("upstream", upstream.address().toString())
          .hasEntrySatisfying(
              "path",
              path -> assertThat((String) path).startsWith("/a%0a?b=\"c\"zz").hasSize(1025));
      assertThat(line(AccessLogFormat.TEXT, record))
          .contains(" method=GET authority=x path=\"/a%0a?b=\\\"c")
          .contains(" protocol=HTTP/1.1 request_id=id-1 status=200 cluster=outside ")
          .hasLineCount(1)
          .endsWith("reason=DONE flags=- detail=-\n");
    }
  }

  @Test
  void headersOfTracesGoOnAsTheyCame() throws Exception {
    List<String> trace =
        List.of(
            "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "tracestate: a=1,b=2",
            "b3: 80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1",
            "x-b3-traceid: 80f198ee56343ba864fe8b2a57d3eff7",
            "x-datadog-traceid: 77");
    List<HttpUpstreams.Received> received = new CopyOnWriteArrayList<>();
    try (TestUpstream upstream =
        new TestUpstream(
            HttpUpstreams.answering(
                request -> {
                  received.add(request);
                  return HttpUpstreams.ok("");
                }))) {
      RawClient.ask(
          proxy.serve(upstream.address()),
          "GET / HTTP/1.1\r\nhost: x\r\n" + String.join("\r\n", trace) + "\r\n\r\n");
      assertThat(trace).allMatch(header -> received.get(0).has(header));
    }
  }

  @Test
  void trailersAndStatusOfACallAreThere() throws Exception {
    try (TestUpstream upstream =
        answering(
            """
            HTTP/1.1 200 OK\r
            content-type: application/grpc\r
            transfer-encoding: chunked\r
            \r
            2\r
            ab\r
            0\r
            grpc-status: 5\r
            x-more: 1\r
            \r
            """)) {
      InetSocketAddress address = proxy.serve(upstream.address());
      try (RawClient client = new RawClient(address)) {
        client.send("POST /s/m HTTP/1.1\r\nhost: x\r\ncontent-type: application/grpc\r\n\r\n");
        client.head();
        assertThat(
                text(
                    "%TRAILER(X-MORE)% %GRPC_STATUS% %GRPC_STATUS(SNAKE_STRING)%"
                        + " %GRPC_STATUS_NUMBER% %RESPONSE_TRAILERS_BYTES%",
                    proxy.record()))
            .isEqualTo("1 NotFound NOT_FOUND 5 19");
      }
    }
  }

  @Test
  void whoHasNoRouteIsTold() throws Exception {
    proxy.path = "/only";
    InetSocketAddress address = proxy.serve(TestUpstream.refusing());
    assertThat(RawClient.get(address, "/").status()).isEqualTo(404);
    assertThat(
            text(
                "%RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_FLAGS_LONG% %RESPONSE_CODE_DETAILS%"
                    + " %UPSTREAM_CLUSTER% %UPSTREAM_HOST% %RESPONSE_DURATION%",
                proxy.record()))
        .isEqualTo("404 NR NoRouteFound route_not_found - - -");
  }

  @Test
  void whatCannotBeConnectedToIsTold() throws Exception {
    HostPort nobody = TestUpstream.refusing();
    InetSocketAddress address = proxy.serve(nobody);
    assertThat(RawClient.get(address, "/").status()).isEqualTo(503);
    RequestRecord record = proxy.record();
    assertThat(text("%RESPONSE_CODE% %RESPONSE_FLAGS% %UPSTREAM_HOSTS_ATTEMPTED%", record))
        .isEqualTo("503 UF " + nobody);
    assertThat(text("%UPSTREAM_HOST%", record)).isEqualTo(nobody.toString());
    assertThat(text("%RESPONSE_CODE_DETAILS%", record))
        .startsWith("upstream_reset_before_response_started{remote_connection_failure|")
        .doesNotContain(" ");
    assertThat(text("%UPSTREAM_TRANSPORT_FAILURE_REASON%", record)).contains("refused");
    assertThat(text("%LOCAL_REPLY_BODY%", record)).startsWith("upstream connect error");
  }

  @Test
  void faultsLimitsAndBreakersHaveTheirFlags() throws Exception {
    proxy.filters =
        List.of(
            new HttpFilter.Fault(
                Optional.of(new HttpFilter.Abort(418, new Fraction(100, 100))),
                Optional.empty(),
                Optional.empty(),
                List.of()),
            new HttpFilter.Router());
    assertThat(RawClient.get(proxy.serve(TestUpstream.refusing()), "/").status()).isEqualTo(418);
    String flags = "%RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS%";
    assertThat(text(flags, proxy.record())).isEqualTo("418 FI fault_filter_abort");

    proxy.filters = List.of(new HttpFilter.Router());
    CircuitBreakers none = CircuitBreakers.NONE;
    proxy.limits = new CircuitBreakers(none.maxConnections(), none.maxPendingRequests(), 0, 0);
    assertThat(RawClient.get(proxy.serve(TestUpstream.refusing()), "/").status()).isEqualTo(503);
    assertThat(text(flags, proxy.record()))
        .isEqualTo("503 UO upstream_reset_before_response_started{overflow}");
  }

  @Test
  void aClientThatLeavesIsTold() throws Exception {
    try (TestUpstream upstream =
        new TestUpstream(
            socket -> {
              HttpUpstreams.read(socket.getInputStream());
              socket.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\nab".getBytes(US_ASCII));
              socket.getInputStream().read(); // until we are left
            })) {
      InetSocketAddress address = proxy.serve(upstream.address());
      try (RawClient client = new RawClient(address)) {
        client.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
        client.head();
      }
      assertThat(text("%RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS%", proxy.record()))
          .isEqualTo("200 DC downstream_remote_disconnect");
    }
  }

  @Test
  void streamsOfOneConnectionHaveARecordEach() throws Exception {
    try (TestUpstream upstream = answering(HttpUpstreams.ok("hello"));
        HttpProxyFixture front = new HttpProxyFixture()) {
      InetSocketAddress behind = proxy.serve(upstream.address());
      front.upstream =
          new HttpUpstream(
              HttpUpstream.Version.HTTP_2, Optional.empty(), Optional.empty(), Optional.empty());
      InetSocketAddress address = front.serve(new HostPort("127.0.0.1", behind.getPort()));
      RawClient.get(address, "/1");
      RawClient.get(address, "/2");
      String format = "%PROTOCOL% %REQ(:METHOD)% %REQ(:PATH)% %REQ(:AUTHORITY)% %CONNECTION_ID%";
      assertThat(text(format, proxy.record())).isEqualTo("HTTP/2 GET /1 x 1");
      assertThat(text(format, proxy.record())).isEqualTo("HTTP/2 GET /2 x 1");
      assertThat(text("%PROTOCOL% %UPSTREAM_PROTOCOL%", front.record()))
          .isEqualTo("HTTP/1.1 HTTP/2");
    }
  }
}
