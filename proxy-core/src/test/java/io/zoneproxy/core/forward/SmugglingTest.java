package io.zoneproxy.core.forward;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zoneproxy.core.forward.HttpUpstreams.Received;
import io.zoneproxy.core.http.RawClient;
import io.zoneproxy.core.http.RawClient.Answer;
import io.zoneproxy.core.observe.request.RequestEnd;
import io.zoneproxy.core.relay.TestUpstream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What two parties could understand differently is not sent on, and ends the connection. */
class SmugglingTest {
  /** One for all cases: none of them leaves anything behind but counts. */
  private static final HttpProxyFixture proxy = new HttpProxyFixture();

  @AfterAll
  static void stop() {
    proxy.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        "transfer-encoding: chunked\r\ncontent-length: 3\r\n\r\n0\r\n\r\n",
        "content-length: 3\r\ncontent-length: 4\r\n\r\nabcd",
        "content-length: 3, 4\r\n\r\nabcd",
        "content-length: +3\r\n\r\nabc",
        "content-length: -3\r\n\r\nabc",
        "content-length: 0x3\r\n\r\nabc",
        "content-length: 3 3\r\n\r\nabc",
        "content-length : 3\r\n\r\nabc",
        "content-length: 99999999999999999999\r\n\r\nabc",
        "transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "transfer-encoding: xchunked\r\n\r\n0\r\n\r\n",
        "transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        "transfer-encoding:\u000bchunked\r\n\r\n0\r\n\r\n",
        "transfer-encoding : chunked\r\n\r\n0\r\n\r\n",
        "transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "x one: 1\r\n\r\n",
        "x-nul: a\u0000b\r\n\r\n",
        ": nothing\r\n\r\n",
        "host: other\r\n\r\n",
        "x: y\n\r\n",
      })
  void aMessageWithTwoMeaningsIsRefused(String rest) throws Exception {
    try (TestUpstream upstream =
        new TestUpstream(HttpUpstreams.answering(request -> HttpUpstreams.ok("x")))) {
      InetSocketAddress address = proxy.serve(upstream.address());
      try (RawClient client = new RawClient(address)) {
        client.send("POST / HTTP/1.1\r\nhost: x\r\n" + rest);
        Answer answer = client.answer();
        assertThat(answer.status()).isIn(400, 501);
        assertThat(client.isClosed()).isTrue();
      }
      assertThat(upstream.connections).hasValue(0);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\n\r\n",
        "GET /a b HTTP/1.1\r\nhost: x\r\n\r\n",
        "GET /a#b HTTP/1.1\r\nhost: x\r\n\r\n",
        "GET /\u0001 HTTP/1.1\r\nhost: x\r\n\r\n",
        "GET /\u00ff HTTP/1.1\r\nhost: x\r\n\r\n",
        "GET x HTTP/1.1\r\nhost: x\r\n\r\n",
        "GET * HTTP/1.1\r\nhost: x\r\n\r\n",
        "GET / HTTP/1.1 \r\nhost: x\r\n\r\n",
        "G(T / HTTP/1.1\r\nhost: x\r\n\r\n",
        "GET / HTTP/9.9\r\nhost: x\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: \r\n\r\n",
        "GET / HTTP/1.1\r\nhost: a/b\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: user@a\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: \u00ff\r\n\r\n",
        "GET http://a\u0000b/ HTTP/1.1\r\nhost: x\r\n\r\n",
        "GET http://user:b@a/ HTTP/1.1\r\nhost: x\r\n\r\n",
        "GET http:///b HTTP/1.1\r\nhost: x\r\n\r\n",
        "GET a?b://c/d HTTP/1.1\r\nhost: x\r\n\r\n",
        "\u0016\u0003\u0001 nonsense\r\n\r\n",
      })
  void aHeadThatIsNoneIsRefused(String head) throws Exception {
    try (TestUpstream upstream =
        new TestUpstream(HttpUpstreams.answering(request -> HttpUpstreams.ok("x")))) {
      InetSocketAddress address = proxy.serve(upstream.address());
      try (RawClient client = new RawClient(address)) {
        client.send(head);
        assertThat(client.answer().status()).isBetween(400, 499);
        assertThat(client.isClosed()).isTrue();
      }
      assertThat(upstream.connections).hasValue(0);
    }
  }

  @Test
  void headersAreLimited() throws Exception {
    try (TestUpstream upstream =
        new TestUpstream(HttpUpstreams.answering(request -> HttpUpstreams.ok("x")))) {
      InetSocketAddress address = proxy.serve(upstream.address());
      String many = "a: b\r\n".repeat(101);
      String head = "GET / HTTP/1.1\r\nhost: x\r\n";
      assertThat(RawClient.ask(address, head + many + "\r\n").status()).isEqualTo(431);
      String large = "a: " + "b".repeat(61 * 1024) + "\r\n";
      assertThat(RawClient.ask(address, head + large + "\r\n").status()).isEqualTo(431);
      String path = "GET /" + "b".repeat(61 * 1024) + " HTTP/1.1\r\nhost: x\r\n\r\n";
      assertThat(RawClient.ask(address, path).status()).isEqualTo(431);
    }
  }

  @Test
  void otherProtocolsAreRefused() throws Exception {
    InetSocketAddress address = proxy.serve(TestUpstream.refusing());
    String upgrade =
        "GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n";
    assertThat(RawClient.ask(address, upgrade).status()).isEqualTo(403);
    assertThat(RawClient.ask(address, "CONNECT x:1 HTTP/1.1\r\nhost: x:1\r\n\r\n").status())
        .isEqualTo(403);
    assertThat(RawClient.ask(address, "GET / HTTP/1.0\r\nhost: x\r\n\r\n").status()).isEqualTo(426);
  }

  @Test
  void aBadChunkEndsTheConnectionAndNothingAfterItIsARequest() throws Exception {
    try (TestUpstream upstream =
        new TestUpstream(HttpUpstreams.answering(request -> HttpUpstreams.ok("x")))) {
      InetSocketAddress address = proxy.serve(upstream.address());
      try (RawClient client = new RawClient(address)) {
        client.send(
            """
            POST / HTTP/1.1\r
            host: x\r
            transfer-encoding: chunked\r
            \r
            zz\r
            \r
            GET /smuggled HTTP/1.1\r
            host: x\r
            \r
            """);
        assertThat(client.answer().status()).isEqualTo(400);
        assertThat(client.isClosed()).isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://outer/a", "HTTP://outer/a", "https://outer/a"})
  void theHostOfAnAbsoluteAddressCounts(String target) throws Exception {
    BlockingQueue<Received> seen = new LinkedBlockingQueue<>();
    try (TestUpstream upstream = new TestUpstream(noting(seen))) {
      RawClient.ask(
          proxy.serve(upstream.address()), "GET " + target + " HTTP/1.1\r\nhost: x\r\n\r\n");
      Received got = seen.remove();
      assertThat(got.line()).isEqualTo("GET /a HTTP/1.1");
      assertThat(got.has("host: outer")).isTrue();
    }
  }

  @Test
  void whatADownstreamSaysOfItsCertificateIsNotHandedOn() throws Exception {
    BlockingQueue<Received> seen = new LinkedBlockingQueue<>();
    try (TestUpstream upstream = new TestUpstream(noting(seen))) {
      RawClient.ask(
          proxy.serve(upstream.address()),
          """
          POST / HTTP/1.1\r
          host: x\r
          x-forwarded-client-cert: By=me\r
          transfer-encoding: chunked\r
          \r
          1\r
          a\r
          0\r
          x-forwarded-client-cert: By=me\r
          host: other\r
          x-envoy-a: b\r
          x-mine: 1\r
          \r
          """);
      Received got = seen.remove();
      assertThat(got.head()).doesNotContainIgnoringCase("client-cert");
      assertThat(got.body()).isEqualTo("a[x-mine: 1]");
    }
  }

  @Test
  void aSecondAnswerBehindTheFirstIsNotTheNextRequests() throws Exception {
    try (TestUpstream upstream =
        new TestUpstream(
            HttpUpstreams.answering(
                request ->
                    request.line().contains("/two")
                        ? HttpUpstreams.ok("own") + HttpUpstreams.ok("poison")
                        : HttpUpstreams.ok("own")))) {
      try (RawClient client = new RawClient(proxy.serve(upstream.address()))) {
        client.send(
            """
            GET /two HTTP/1.1\r
            host: x\r
            \r
            GET /two HTTP/1.1\r
            host: x\r
            \r
            GET / HTTP/1.1\r
            host: x\r
            \r
            """);
        for (int i = 0; i < 3; i++) {
          assertThat(client.answer().body()).isEqualTo("own");
        }
      }
    }
  }

  @Test
  void aBadChunkWithinAnAnswerCutsItOff() throws Exception {
    TestUpstream.Behaviour early =
        socket -> {
          socket.getInputStream().read();
          socket
              .getOutputStream()
              .write("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\na".getBytes(US_ASCII));
          socket.getInputStream().readAllBytes();
        };
    try (TestUpstream upstream = new TestUpstream(early);
        HttpProxyFixture own = new HttpProxyFixture();
        RawClient client = new RawClient(own.serve(upstream.address()))) {
      client.send("POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n");
      assertThat(client.head().status()).isEqualTo(200);
      client.send("ZZ\r\n");
      assertThat(own.record().end()).isEqualTo(RequestEnd.BAD_REQUEST);
      assertThatThrownBy(client::head).isInstanceOf(IOException.class);
    }
  }

  @Test
  void anAnswerInAnotherCodingIsNone() throws Exception {
    try (TestUpstream upstream =
        new TestUpstream(
            HttpUpstreams.answering(
                request -> "HTTP/1.1 200 OK\r\ntransfer-encoding: gzip\r\n\r\nabc"))) {
      assertThat(RawClient.get(proxy.serve(upstream.address()), "/").status()).isEqualTo(502);
    }
  }

  @Test
  void anAnswerOfHttp10GoesOnAsOurs() throws Exception {
    TestUpstream.Behaviour old =
        socket -> {
          HttpUpstreams.read(socket.getInputStream());
          socket.getOutputStream().write("HTTP/1.0 200 OK\r\n\r\nold".getBytes(US_ASCII));
        };
    try (TestUpstream upstream = new TestUpstream(old)) {
      InetSocketAddress address = proxy.serve(upstream.address());
      try (Socket client = new Socket(address.getAddress(), address.getPort())) {
        client.setSoTimeout(20_000); // a hanging server fails the test, not the build
        client
            .getOutputStream()
            .write("GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".getBytes(US_ASCII));
        assertThat(new String(client.getInputStream().readAllBytes(), US_ASCII))
            .startsWith("HTTP/1.1 200 OK\r\n")
            .endsWith("\r\n\r\n3\r\nold\r\n0\r\n\r\n");
      }
    }
  }

  private static TestUpstream.Behaviour noting(BlockingQueue<Received> seen) {
    return HttpUpstreams.answering(
        request -> {
          seen.add(request);
          return HttpUpstreams.ok("x");
        });
  }
}
