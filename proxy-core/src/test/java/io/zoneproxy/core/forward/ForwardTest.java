package io.zoneproxy.core.forward;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.zoneproxy.core.forward.HttpUpstreams.Received;
import io.zoneproxy.core.http.RawClient;
import io.zoneproxy.core.http.RawClient.Answer;
import io.zoneproxy.core.model.balance.CircuitBreakers;
import io.zoneproxy.core.model.http.HttpTimeouts;
import io.zoneproxy.core.observe.request.RequestEnd;
import io.zoneproxy.core.observe.request.RequestRecord;
import io.zoneproxy.core.relay.TestUpstream;
import io.zoneproxy.core.route.TlsTermination;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests over HTTP/1.1 that are sent on, and their responses. */
class ForwardTest {
  private final HttpProxyFixture proxy = new HttpProxyFixture();
  private final List<Received> received = new CopyOnWriteArrayList<>();

  @AfterEach
  void stop() {
    proxy.close();
  }

  private TestUpstream echo() throws Exception {
    return new TestUpstream(
        HttpUpstreams.answering(
            request -> {
              received.add(request);
              return HttpUpstreams.ok(request.line() + " " + request.body());
            }));
  }

  @Test
  void aRequestIsAnsweredByTheUpstream() throws Exception {
    try (TestUpstream upstream = echo()) {
      InetSocketAddress address = proxy.serve(upstream.address());
      Answer answer = RawClient.get(address, "/a?b=c");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("GET /a?b=c HTTP/1.1 ");
      assertThat(received.get(0).has("host: x")).isTrue();
      RequestRecord record = proxy.record();
      assertThat(record.end()).isEqualTo(RequestEnd.DONE);
      assertThat(record.status()).isEqualTo(200);
      assertThat(record.cluster()).isEqualTo("outside");
      assertThat(record.bytesSent()).isEqualTo(answer.body().length());
    }
  }

  @Test
  void oneUpstreamConnectionServesOneRequestAfterTheOther() throws Exception {
    try (TestUpstream upstream = echo()) {
      InetSocketAddress address = proxy.serve(upstream.address());
      try (RawClient client = new RawClient(address)) {
        for (int i = 0; i < 10; i++) {
          client.send("GET /" + i + " HTTP/1.1\r\nhost: x\r\n\r\n");
          assertThat(client.answer().body()).isEqualTo("GET /" + i + " HTTP/1.1 ");
        }
      }
      assertThat(upstream.connections).hasValue(1);
    }
  }

  @Test
  void requestsSentAheadAreAnsweredInOrder() throws Exception {
    try (TestUpstream upstream = echo()) {
      InetSocketAddress address = proxy.serve(upstream.address());
      try (RawClient client = new RawClient(address)) {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 50; i++) {
          all.append("POST /" + i + " HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\nab");
        }
        client.send(all.toString());
        for (int i = 0; i < 50; i++) {
          assertThat(client.answer().body()).isEqualTo("POST /" + i + " HTTP/1.1 ab");
        }
      }
    }
  }

  @Test
  void aBodyInChunksGoesOnInChunksWithItsTrailers() throws Exception {
    try (TestUpstream upstream = echo()) {
      InetSocketAddress address = proxy.serve(upstream.address());
      Answer answer =
          RawClient.ask(
              address,
              """
              POST / HTTP/1.1\r
              host: x\r
              transfer-encoding: chunked\r
              \r
              3\r
              abc\r
              2\r
              de\r
              0\r
              x-sum: 5\r
              \r
              """);
      assertThat(answer.body()).isEqualTo("POST / HTTP/1.1 abcde[x-sum: 5]");
    }
  }

  @Test
  void aResponseThatEndsWithItsConnectionIsDeliveredInChunks() throws Exception {
    try (TestUpstream upstream =
        new TestUpstream(
            socket -> {
              HttpUpstreams.read(socket.getInputStream());
              socket.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\nabc".getBytes(US_ASCII));
            })) {
      InetSocketAddress address = proxy.serve(upstream.address());
      try (RawClient client = new RawClient(address)) {
        client.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
        Answer head = client.head();
        assertThat(head.header("transfer-encoding")).isEqualTo("chunked");
      }
    }
  }

  @Test
  void whatIsForOneHopStaysThere() throws Exception {
    try (TestUpstream upstream = echo()) {
      InetSocketAddress address = proxy.serve(upstream.address());
      RawClient.ask(
          address,
          """
          GET / HTTP/1.1\r
          host: x\r
          connection: keep-alive, x-secret\r
          x-secret: 1\r
          keep-alive: 5\r
          te: gzip, trailers\r
          proxy-connection: y\r
          x-envoy-max-retries: 9\r
          x-kept: 1\r
          \r
          """);
      Received request = received.get(0);
      assertThat(request.has("x-kept: 1")).isTrue();
      assertThat(request.has("te: trailers")).isTrue();
      assertThat(request.head().toLowerCase(java.util.Locale.ROOT))
          .doesNotContain("x-secret", "keep-alive", "proxy-connection", "gzip", "x-envoy");
    }
  }

  @Test
  void anUpstreamThatRefusesIsPassedOverForAnother() throws Exception {
    try (TestUpstream upstream = echo()) {
      InetSocketAddress address = proxy.serve(TestUpstream.refusing(), upstream.address());
      for (int i = 0; i < 4; i++) {
        assertThat(RawClient.get(address, "/").status()).isEqualTo(200);
      }
    }
  }

  @Test
  void withoutAnyUpstreamItIsA503ThatSaysWhy() throws Exception {
    InetSocketAddress address = proxy.serve(TestUpstream.refusing());
    Answer answer = RawClient.get(address, "/");
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.body()).contains("remote connection failure");
    assertThat(proxy.record().end()).isEqualTo(RequestEnd.CONNECT_FAILED);
    InetSocketAddress none = proxy.serve();
    assertThat(RawClient.get(none, "/").body()).isEqualTo("no healthy upstream");
  }

  @Test
  void anUpstreamThatDoesNotShakeHandsIsA503ThatSaysWhy() throws Exception {
    proxy.beginsTls =
        channel ->
            channel
                .pipeline()
                .addLast(
                    new ChannelInboundHandlerAdapter() {
                      @Override
                      public void channelActive(ChannelHandlerContext ctx) {
                        channel.attr(TlsTermination.FAILURE).set("server certificate: too old");
                        ctx.close();
                      }
                    });
    try (TestUpstream upstream = echo()) {
      Answer answer = RawClient.get(proxy.serve(upstream.address()), "/");
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.body()).contains("remote connection failure");
      RequestRecord record = proxy.record();
      assertThat(record.end()).isEqualTo(RequestEnd.UPSTREAM_TLS_FAILED);
      assertThat(record.detail()).isEqualTo(upstream.address() + ": server certificate: too old");
    }
  }

  @Test
  void anIdleConnectionThatTheUpstreamHasClosedCostsNoRequest() throws Exception {
    try (TestUpstream upstream =
        new TestUpstream(
            socket -> { // one request, then it closes as soon as the next one comes
              HttpUpstreams.read(socket.getInputStream());
              socket.getOutputStream().write(HttpUpstreams.ok("x").getBytes(US_ASCII));
              socket.getInputStream().read();
            })) {
      InetSocketAddress address = proxy.serve(upstream.address());
      for (int i = 0; i < 5; i++) {
        assertThat(RawClient.get(address, "/" + i).status()).isEqualTo(200);
      }
    }
  }

  @Test
  void aPostIsNotSentTwice() throws Exception {
    try (TestUpstream upstream =
        new TestUpstream(socket -> HttpUpstreams.read(socket.getInputStream()))) {
      InetSocketAddress address = proxy.serve(upstream.address());
      Answer answer =
          RawClient.ask(address, "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\n\r\nx");
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.body()).contains("connection termination");
      assertThat(upstream.connections).hasValue(1);
    }
  }

  @Test
  void anIdleTimeOfZeroIsNone() throws Exception {
    Optional<Duration> none = Optional.of(Duration.ZERO);
    proxy.timeouts = new HttpTimeouts(none, none, none, none);
    try (TestUpstream upstream = echo();
        RawClient client = new RawClient(proxy.serve(upstream.address()))) {
      assertThat(client.isClosedWithin(300)).isFalse();
      for (int i = 0; i < 2; i++) {
        client.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
        assertThat(client.answer().status()).isEqualTo(200);
      }
    }
  }

  @Test
  void aSlowUpstreamIsGivenUp() throws Exception {
    proxy.timeout = Optional.of(Duration.ofMillis(200));
    try (TestUpstream upstream =
        new TestUpstream(
            socket -> {
              HttpUpstreams.read(socket.getInputStream());
              socket.getInputStream().read();
            })) {
      InetSocketAddress address = proxy.serve(upstream.address());
      Answer answer = RawClient.get(address, "/");
      assertThat(answer.status()).isEqualTo(504);
      assertThat(answer.body()).isEqualTo("upstream request timeout");
      assertThat(proxy.record().end()).isEqualTo(RequestEnd.TIMEOUT);
    }
  }

  @Test
  void expectContinueIsAnsweredHere() throws Exception {
    try (TestUpstream upstream = echo()) {
      InetSocketAddress address = proxy.serve(upstream.address());
      try (RawClient client = new RawClient(address)) {
        client.send(
            "POST / HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n");
        assertThat(client.head().status()).isEqualTo(100);
        client.send("hi");
        assertThat(client.answer().body()).endsWith("hi");
        assertThat(received.get(0).head().toLowerCase(java.util.Locale.ROOT))
            .doesNotContain("expect");
      }
    }
  }

  @Test
  void moreRequestsThanTheClusterTakesAreRefused() throws Exception {
    proxy.limits = new CircuitBreakers(100, 100, 0, 3);
    try (TestUpstream upstream = echo()) {
      InetSocketAddress address = proxy.serve(upstream.address());
      Answer answer = RawClient.get(address, "/");
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.body()).contains("overflow");
      assertThat(proxy.record().end()).isEqualTo(RequestEnd.OVERFLOW);
    }
  }

  @Test
  void whoFindsAllConnectionsTakenWaitsForOne() throws Exception {
    proxy.limits = new CircuitBreakers(1, 100, 100, 3);
    try (TestUpstream upstream = echo()) {
      InetSocketAddress address = proxy.serve(upstream.address());
      List<RawClient> clients = new java.util.ArrayList<>();
      for (int i = 0; i < 20; i++) {
        RawClient client = new RawClient(address);
        client.send("GET /" + i + " HTTP/1.1\r\nhost: x\r\n\r\n");
        clients.add(client);
      }
      for (RawClient client : clients) {
        assertThat(client.answer().status()).isEqualTo(200);
        client.close();
      }
      assertThat(upstream.connections).hasValue(1);
    }
  }

  @Test
  void aDrainEndsConnectionsWithTheirNextAnswer() throws Exception {
    try (TestUpstream upstream = echo()) {
      InetSocketAddress address = proxy.serve(upstream.address());
      try (RawClient idle = new RawClient(address);
          RawClient busy = new RawClient(address)) {
        idle.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
        idle.answer();
        busy.send("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\na");
        String of = "{envoy_http_conn_manager_prefix=\"outside\"}";
        await()
            .untilAsserted(
                () ->
                    assertThat(proxy.series())
                        .containsEntry("envoy_http_downstream_rq_total" + of, 2L)
                        .containsEntry("envoy_http_downstream_rq_active" + of, 1L));
        proxy.drain();
        assertThat(idle.isClosed()).isTrue();
        busy.send("b");
        Answer last = busy.answer();
        assertThat(last.status()).isEqualTo(200);
        assertThat(last.header("connection")).isEqualTo("close");
        assertThat(busy.isClosed()).isTrue();
      }
    }
  }

  @Test
  void aResponseCutOffIsCutOffForTheDownstream() throws Exception {
    try (TestUpstream upstream =
        new TestUpstream(
            socket -> {
              HttpUpstreams.read(socket.getInputStream());
              socket
                  .getOutputStream()
                  .write("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nabc".getBytes(US_ASCII));
            })) {
      InetSocketAddress address = proxy.serve(upstream.address());
      try (RawClient client = new RawClient(address)) {
        client.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
        assertThat(client.head().status()).isEqualTo(200);
        assertThat(proxy.record().end()).isEqualTo(RequestEnd.UPSTREAM_RESET);
      }
    }
  }
}
