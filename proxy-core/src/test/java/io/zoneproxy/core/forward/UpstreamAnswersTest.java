package io.zoneproxy.core.forward;

import static io.zoneproxy.core.forward.Http2Peer.DATA;
import static io.zoneproxy.core.forward.Http2Peer.END_STREAM;
import static io.zoneproxy.core.forward.Http2Peer.GOAWAY;
import static io.zoneproxy.core.forward.Http2Peer.RST_STREAM;
import static io.zoneproxy.core.forward.Http2Peer.SETTINGS;
import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.forward.ScriptedUpstreams.Script;
import io.zoneproxy.core.http.RawClient;
import io.zoneproxy.core.http.RawClient.Answer;
import io.zoneproxy.core.observe.request.RequestEnd;
import io.zoneproxy.core.observe.request.RequestRecord;
import io.zoneproxy.core.relay.TestUpstream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Upstreams whose answers over HTTP/2 are none, or come late, or not at all. */
final class UpstreamAnswersTest {
  private final ScriptedUpstreams upstreams = new ScriptedUpstreams();

  @AfterEach
  void stop() {
    upstreams.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x=y",
        ":status=2000",
        ":status=2x0",
        ":status=099",
        ":status=",
        ":status=101",
        ":status=103", // with END_STREAM, as all here
        ":status=200 :path=/",
        ":status=200 :status=200",
        ":status=200 connection=close",
        ":status=200 transfer-encoding=chunked",
        ":status=200 upgrade=x",
        ":status=200 X-Upper=y",
        ":status=200 content-length=3",
        ":status=200 content-length=-3",
        "x=y :status=200"
      })
  void aHeadThatIsNoneIsToldAs502AndCostsNoOther(String head) throws Exception {
    Script wrong =
        peer -> {
          peer.head(peer.request(), true, head.split("[= ]", -1));
          peer.flush();
          assertThat(peer.frameOf(RST_STREAM).payload()).isEqualTo("\0\0\0\u0001");
          ScriptedUpstreams.serveWell(peer);
        };
    try (TestUpstream upstream = upstreams.play(wrong)) {
      InetSocketAddress address = upstreams.proxy.serve(upstream.address());
      assertThat(RawClient.get(address, "/").status()).isEqualTo(502);
      RequestRecord record = upstreams.proxy.record();
      assertThat(record.end()).isEqualTo(RequestEnd.UPSTREAM_PROTOCOL);
      assertThat(record.detail()).isNotEmpty();
      assertThat(RawClient.get(address, "/").body()).isEqualTo("well");
      assertThat(upstreams.connections).hasValue(1);
      assertThat(upstreams.protocolErrors()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"GET, 200, 0", "GET, 200, 2", "GET, 200, 4", "HEAD, 200, 3", "GET, 204, 3"})
  void aBodyThatIsNotWhatItsHeadSaysIsCutOff(String method, String status, int bytes)
      throws Exception {
    Script wrong =
        peer -> {
          int stream = peer.request();
          peer.head(stream, false, ":status", status, "content-length", "3");
          peer.send(DATA, END_STREAM, stream, new byte[bytes]);
          peer.flush();
          peer.frameOf(RST_STREAM);
          ScriptedUpstreams.serveWell(peer);
        };
    try (TestUpstream upstream = upstreams.play(wrong)) {
      InetSocketAddress address = upstreams.proxy.serve(upstream.address());
      try (RawClient client = new RawClient(address)) {
        client.send(method + " / HTTP/1.1\r\nhost: x\r\n\r\n");
        assertThat(upstreams.proxy.record().end()).isEqualTo(RequestEnd.UPSTREAM_PROTOCOL);
        assertThat(ScriptedUpstreams.ends(client)).isTrue();
      }
      assertThat(RawClient.get(address, "/").body()).isEqualTo("well");
      assertThat(upstreams.connections).hasValue(1);
    }
  }

  @Test
  void theAnswerToAHeadHasTheLengthOfWhatItDoesNotHave() throws Exception {
    Script right =
        peer -> {
          peer.head(peer.request(), true, ":status", "200", "content-length", "3");
          peer.flush();
          peer.untilEnd();
        };
    try (TestUpstream upstream = upstreams.play(right);
        RawClient client = new RawClient(upstreams.proxy.serve(upstream.address()))) {
      client.send("HEAD / HTTP/1.1\r\nhost: x\r\n\r\n");
      Answer head = client.head();
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.header("content-length")).isEqualTo("3");
      assertThat(upstreams.proxy.record().end()).isEqualTo(RequestEnd.DONE);
    }
  }

  @Test
  void someInterimResponsesAreNothing() throws Exception {
    Script slow =
        peer -> {
          int stream = peer.request();
          for (int i = 0; i < 20; i++) {
            peer.head(stream, false, ":status", "102");
          }
          peer.answer(stream, "at last");
          peer.untilEnd();
        };
    try (TestUpstream upstream = upstreams.play(slow)) {
      assertThat(RawClient.get(upstreams.proxy.serve(upstream.address()), "/").status())
          .isEqualTo(200);
    }
  }

  @ParameterizedTest
  @CsvSource({"GOAWAY", "RST_STREAM"})
  void aRequestThatWasNotLookedAtIsSentAgain(String how) throws Exception {
    Script refuses =
        peer -> {
          int stream = peer.request();
          if (how.equals("GOAWAY")) {
            peer.send(GOAWAY, 0, 0, new byte[8]); // after stream 0, without an error
            peer.flush();
            peer.untilEnd();
          } else {
            peer.send(RST_STREAM, 0, stream, (byte) 0, (byte) 0, (byte) 0, (byte) 7);
            peer.flush();
            ScriptedUpstreams.serveWell(peer);
          }
        };
    try (TestUpstream upstream = upstreams.play(refuses)) {
      InetSocketAddress address = upstreams.proxy.serve(upstream.address());
      assertThat(
              RawClient.ask(address, "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n")
                  .body())
          .isEqualTo("well");
    }
  }

  @Test
  void headersThatTheUpstreamDoesNotTakeAreToldAsThat() throws Exception {
    Script brief =
        peer -> {
          int first = peer.request();
          peer.send(SETTINGS, 0, 0, new byte[] {0, 6, 0, 0, 0, 60}); // RFC 9113 §6.5.2
          peer.answer(first, "well");
          peer.untilEnd();
        };
    try (TestUpstream upstream = upstreams.play(brief)) {
      InetSocketAddress address = upstreams.proxy.serve(upstream.address());
      assertThat(RawClient.get(address, "/").body()).isEqualTo("well");
      assertThat(upstreams.proxy.record().end()).isEqualTo(RequestEnd.DONE);
      assertThat(RawClient.get(address, "/").status()).isEqualTo(503);
      RequestRecord record = upstreams.proxy.record();
      assertThat(record.end()).isEqualTo(RequestEnd.UPSTREAM_RESET);
      assertThat(record.detail())
          .contains("takes no request with such long headers, by its SETTINGS_MAX_HEADER_LIST_SIZE")
          .contains("60");
    }
  }

  /** Takes headers of 1000 bytes from its second request on; serves well else. */
  private static void serveTightly(Http2Peer peer) throws IOException {
    int first = peer.request();
    peer.send(SETTINGS, 0, 0, new byte[] {0, 6, 0, 0, 3, (byte) 0xe8}); // RFC 9113 §6.5.2
    peer.answer(first, "tight");
    while (true) {
      peer.answer(peer.request(), "tight");
    }
  }

  private static String withLongHeaders(String method) {
    return "%s / HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\nx-long: %s\r\n\r\n"
        .formatted(method, "x".repeat(2000));
  }

  @Test
  void headersThatTheUpstreamDoesNotTakeCostNeitherOthersNorTheEndpoint() throws Exception {
    try (TestUpstream upstream = upstreams.play(UpstreamAnswersTest::serveTightly)) {
      InetSocketAddress address = upstreams.proxy.serve(upstream.address());
      assertThat(RawClient.get(address, "/").body()).isEqualTo("tight");
      for (String method : List.of("GET", "POST", "GET")) {
        assertThat(RawClient.ask(address, withLongHeaders(method)).status()).isEqualTo(503);
      }
      assertThat(RawClient.get(address, "/").body()).isEqualTo("tight");
      assertThat(upstreams.connections).hasValue(1);
      assertThat(upstreams.proxy.endpoint().requests().orElseThrow().error()).isZero();
      assertThat(upstreams.told("envoy_cluster_upstream_cx_destroy_remote_with_active_rq"))
          .isZero();
    }
  }

  @Test
  void aRequestWhoseHeadersOneEndpointDoesNotTakeGoesToAnother() throws Exception {
    try (TestUpstream tight = upstreams.play(UpstreamAnswersTest::serveTightly);
        TestUpstream wide =
            new TestUpstream(socket -> ScriptedUpstreams.serveWell(new Http2Peer(socket)))) {
      InetSocketAddress address = upstreams.proxy.serve(tight.address(), wide.address());
      assertThat(List.of(RawClient.get(address, "/").body(), RawClient.get(address, "/").body()))
          .containsExactlyInAnyOrder("tight", "well"); // each of them in its turn
      for (int i = 0; i < 4; i++) {
        assertThat(RawClient.ask(address, withLongHeaders("POST")).body()).isEqualTo("well");
      }
    }
  }

  /** Takes headers of 1000 bytes from its second request on, and waits for the end of requests. */
  private static void serveTightlyAtTheEnd(Http2Peer peer) throws IOException {
    int first = peer.request();
    peer.send(SETTINGS, 0, 0, new byte[] {0, 6, 0, 0, 3, (byte) 0xe8});
    peer.answer(first, "tight");
    peer.untilEnd();
  }

  @Test
  void aRequestWhoseTrailersOneEndpointDoesNotTakeIsNotSentTwice() throws Exception {
    String withLongTrailers =
        "POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n0\r\nx-long: %s\r\n\r\n"
            .formatted("x".repeat(2000));
    try (TestUpstream tight = upstreams.play(UpstreamAnswersTest::serveTightlyAtTheEnd);
        TestUpstream wide =
            new TestUpstream(socket -> ScriptedUpstreams.serveWell(new Http2Peer(socket)))) {
      InetSocketAddress address = upstreams.proxy.serve(tight.address(), wide.address());
      assertThat(List.of(RawClient.get(address, "/").body(), RawClient.get(address, "/").body()))
          .containsExactlyInAnyOrder("tight", "well");
      assertThat(
              List.of(
                  RawClient.ask(address, withLongTrailers).status(),
                  RawClient.ask(address, withLongTrailers).status()))
          .containsExactlyInAnyOrder(200, 503);
    }
  }
}
