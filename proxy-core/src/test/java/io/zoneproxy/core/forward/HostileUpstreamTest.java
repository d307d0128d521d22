package io.zoneproxy.core.forward;

import static io.zoneproxy.core.forward.Http2Peer.CONTINUATION;
import static io.zoneproxy.core.forward.Http2Peer.DATA;
import static io.zoneproxy.core.forward.Http2Peer.END_HEADERS;
import static io.zoneproxy.core.forward.Http2Peer.END_STREAM;
import static io.zoneproxy.core.forward.Http2Peer.GOAWAY;
import static io.zoneproxy.core.forward.Http2Peer.HEADERS;
import static io.zoneproxy.core.forward.Http2Peer.PING;
import static io.zoneproxy.core.forward.Http2Peer.PRIORITY;
import static io.zoneproxy.core.forward.Http2Peer.PUSH_PROMISE;
import static io.zoneproxy.core.forward.Http2Peer.RST_STREAM;
import static io.zoneproxy.core.forward.Http2Peer.SETTINGS;
import static io.zoneproxy.core.forward.Http2Peer.WINDOW_UPDATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zoneproxy.core.forward.Http2Peer.Frame;
import io.zoneproxy.core.http.RawClient;
import io.zoneproxy.core.http.RawClient.Answer;
import io.zoneproxy.core.model.balance.HttpUpstream;
import io.zoneproxy.core.observe.request.RequestEnd;
import io.zoneproxy.core.observe.request.RequestRecord;
import io.zoneproxy.core.relay.TestUpstream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Upstreams that speak HTTP/2 as nobody should: the proxy and its other callers do not pay. */
final class HostileUpstreamTest {
  /** Far beyond every limit, and what the buffers of two sockets hold. */
  private static final int MANY = 2_000_000;

  private static final Duration LONG = Duration.ofSeconds(20);

  private final HttpProxyFixture proxy = new HttpProxyFixture();
  private final AtomicInteger connections = new AtomicInteger();

  /** What one connection does, the first one; later ones serve well. */
  @FunctionalInterface
  private interface Script {
    void play(Http2Peer peer) throws IOException;
  }

  @BeforeEach
  void speakHttp2() {
    proxy.upstream =
        new HttpUpstream(
            HttpUpstream.Version.HTTP_2, Optional.empty(), Optional.empty(), Optional.empty());
  }

  @AfterEach
  void stop() {
    proxy.close();
  }

  private TestUpstream upstream(Script first) throws IOException {
    return new TestUpstream(
        socket -> {
          Http2Peer peer = new Http2Peer(socket);
          if (connections.incrementAndGet() == 1) {
            first.play(peer);
          } else {
            serveWell(peer);
          }
        });
  }

  private static void serveWell(Http2Peer peer) throws IOException {
    while (true) {
      peer.answer(peer.request(), "well");
    }
  }

  private @Nullable Long told(String series) {
    return proxy.series().get(series + "{envoy_cluster_name=\"outside\"}");
  }

  private @Nullable Long protocolErrors() {
    return told("envoy_cluster_upstream_cx_protocol_error");
  }

  // ---- floods

  /** One frame that costs the upstream next to nothing. */
  private enum Flood {
    PINGS("too many PING") {
      @Override
      void send(Http2Peer peer, int stream) throws IOException {
        peer.send(PING, 0, 0, new byte[8]);
      }
    },
    PING_ANSWERS("too many PING") {
      @Override
      void send(Http2Peer peer, int stream) throws IOException {
        peer.send(PING, Http2Peer.ACK, 0, new byte[8]);
      }
    },
    SETTINGS_FRAMES("too many SETTINGS") {
      @Override
      void send(Http2Peer peer, int stream) throws IOException {
        peer.send(SETTINGS, 0, 0);
      }
    },
    PRIORITIES("too many PRIORITY") {
      @Override
      void send(Http2Peer peer, int stream) throws IOException {
        peer.send(PRIORITY, 0, stream, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 1);
      }
    },
    WINDOW_UPDATES("too many WINDOW_UPDATE") {
      @Override
      void send(Http2Peer peer, int stream) throws IOException {
        peer.send(WINDOW_UPDATE, 0, 0, (byte) 0, (byte) 0, (byte) 0, (byte) 1);
      }
    },
    UNKNOWN("too many frames of unknown types") {
      @Override
      void send(Http2Peer peer, int stream) throws IOException {
        peer.send(0xfe, 0, 0);
      }
    },
    INTERIM_RESPONSES("more than 100 interim responses (1xx)") {
      @Override
      void send(Http2Peer peer, int stream) throws IOException {
        peer.head(stream, false, ":status", "103");
      }
    },
    SMALL_CONTINUATIONS("continuations") {
      @Override
      void begin(Http2Peer peer, int stream) throws IOException {
        peer.send(HEADERS, 0, stream, Http2Peer.fields(":status", "200"));
      }

      @Override
      void send(Http2Peer peer, int stream) throws IOException {
        peer.send(CONTINUATION, 0, stream, (byte) 0, (byte) 1, (byte) 'a', (byte) 0);
      }
    };

    final String reason;

    Flood(String reason) {
      this.reason = reason;
    }

    void begin(Http2Peer peer, int stream) throws IOException {}

    abstract void send(Http2Peer peer, int stream) throws IOException;
  }

  @ParameterizedTest
  @EnumSource
  void aFloodEndsItsConnectionAndIsToldAs502(Flood flood) throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    Script floods =
        peer -> {
          int stream = peer.request();
          try {
            flood.begin(peer, stream);
            for (int i = 0; i < MANY; i++) {
              flood.send(peer, stream);
            }
            peer.flush();
          } catch (IOException e) {
            ended.countDown();
          }
        };
    try (TestUpstream upstream = upstream(floods)) {
      InetSocketAddress address = proxy.serve(upstream.address());
      assertThat(RawClient.get(address, "/").status()).isEqualTo(502);
      RequestRecord record = proxy.record();
      assertThat(record.end()).isEqualTo(RequestEnd.UPSTREAM_PROTOCOL);
      assertThat(record.detail()).contains(flood.reason);
      assertThat(ended.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(protocolErrors()).isEqualTo(1);
      assertThat(RawClient.get(address, "/").body()).isEqualTo("well");
    }
  }

  @Test
  void dataWithoutContentCutsOffItsResponseAndEndsItsConnection() throws Exception {
    Script empty =
        peer -> {
          int stream = peer.request();
          peer.head(stream, false, ":status", "200");
          for (int i = 0; i < 3; i++) {
            peer.send(DATA, 0, stream);
          }
          peer.flush();
          peer.untilEnd();
        };
    try (TestUpstream upstream = upstream(empty)) {
      InetSocketAddress address = proxy.serve(upstream.address());
      try (RawClient client = new RawClient(address)) {
        client.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
        RequestRecord record = proxy.record();
        assertThat(record.end()).isEqualTo(RequestEnd.UPSTREAM_PROTOCOL);
        assertThat(record.detail()).contains("too many DATA without content");
        assertThat(ends(client)).isTrue();
      }
      assertThat(RawClient.get(address, "/").body()).isEqualTo("well");
    }
  }

  @Test
  void aFloodIsToldToCalmDown() throws Exception {
    BlockingQueue<Frame> told = new LinkedBlockingQueue<>();
    Script pings =
        peer -> {
          peer.request();
          while (true) {
            for (int i = 0; i < 50; i++) { // few enough to be read at once: none is left at the end
              peer.send(PING, 0, 0, new byte[8]);
            }
            peer.flush();
            for (int i = 0; i < 50; i++) {
              Frame answer = peer.frame();
              if (answer.type() == GOAWAY) {
                told.add(answer);
                return;
              }
            }
          }
        };
    try (TestUpstream upstream = upstream(pings)) {
      assertThat(RawClient.get(proxy.serve(upstream.address()), "/").status()).isEqualTo(502);
      Frame goAway = told.poll(LONG.toSeconds(), TimeUnit.SECONDS);
      assertThat(goAway).isNotNull();
      assertThat(goAway.payload()).contains("\0\0\0\u000b").contains("too many PING");
    }
  }

  /** What is sent for a stream that the proxy has given up. */
  @ParameterizedTest
  @CsvSource({"DATA", "HEADERS", "RST_STREAM"})
  void aFloodForAStreamThatIsOverEndsItsConnection(String what) throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    Script floods =
        peer -> {
          int stream = peer.request();
          peer.frameOf(RST_STREAM); // the caller has left
          try {
            for (int i = 0; i < MANY; i++) {
              switch (what) {
                case "DATA" -> peer.send(DATA, 0, stream, new byte[100]);
                case "HEADERS" -> peer.head(stream, true, "x", "y");
                default -> peer.send(RST_STREAM, 0, stream, new byte[4]);
              }
            }
            peer.flush();
          } catch (IOException e) {
            ended.countDown();
          }
        };
    try (TestUpstream upstream = upstream(floods)) {
      InetSocketAddress address = proxy.serve(upstream.address());
      try (RawClient client = new RawClient(address)) {
        client.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
        await().atMost(LONG).until(() -> connections.get() == 1);
      }
      assertThat(ended.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
      await().atMost(LONG).untilAsserted(() -> assertThat(protocolErrors()).isEqualTo(1));
      assertThat(RawClient.get(address, "/").body()).isEqualTo("well");
    }
  }

  @ParameterizedTest
  @CsvSource({"2, answers what nobody asked", "0, push"})
  void whatNobodyAskedForEndsTheConnection(int stream, String reason) throws Exception {
    Script unasked =
        peer -> {
          int asked = peer.request();
          if (stream > 0) {
            peer.head(stream, true, ":status", "200");
          } else {
            peer.send(PUSH_PROMISE, END_HEADERS, asked, (byte) 0, (byte) 0, (byte) 0, (byte) 2);
          }
          peer.flush();
          peer.untilEnd();
        };
    try (TestUpstream upstream = upstream(unasked)) {
      assertThat(RawClient.get(proxy.serve(upstream.address()), "/").status()).isEqualTo(502);
      assertThat(proxy.record().detail()).contains(reason);
    }
  }

  /** Reads to the end, orderly or not. */
  private static boolean ends(RawClient client) throws IOException {
    long limit = System.nanoTime() + LONG.toNanos();
    while (System.nanoTime() - limit < 0) {
      if (client.isClosed()) { // else it has read a byte
        return true;
      }
    }
    return false;
  }

  // ---- answers that are none

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
          serveWell(peer);
        };
    try (TestUpstream upstream = upstream(wrong)) {
      InetSocketAddress address = proxy.serve(upstream.address());
      assertThat(RawClient.get(address, "/").status()).isEqualTo(502);
      RequestRecord record = proxy.record();
      assertThat(record.end()).isEqualTo(RequestEnd.UPSTREAM_PROTOCOL);
      assertThat(record.detail()).isNotEmpty();
      assertThat(RawClient.get(address, "/").body()).isEqualTo("well");
      assertThat(connections).hasValue(1);
      assertThat(protocolErrors()).isEqualTo(1);
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
          serveWell(peer);
        };
    try (TestUpstream upstream = upstream(wrong)) {
      InetSocketAddress address = proxy.serve(upstream.address());
      try (RawClient client = new RawClient(address)) {
        client.send(method + " / HTTP/1.1\r\nhost: x\r\n\r\n");
        assertThat(proxy.record().end()).isEqualTo(RequestEnd.UPSTREAM_PROTOCOL);
        assertThat(ends(client)).isTrue();
      }
      assertThat(RawClient.get(address, "/").body()).isEqualTo("well");
      assertThat(connections).hasValue(1);
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
    try (TestUpstream upstream = upstream(right);
        RawClient client = new RawClient(proxy.serve(upstream.address()))) {
      client.send("HEAD / HTTP/1.1\r\nhost: x\r\n\r\n");
      Answer head = client.head();
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.header("content-length")).isEqualTo("3");
      assertThat(proxy.record().end()).isEqualTo(RequestEnd.DONE);
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
    try (TestUpstream upstream = upstream(slow)) {
      assertThat(RawClient.get(proxy.serve(upstream.address()), "/").status()).isEqualTo(200);
    }
  }

  // ---- streams that were not looked at

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
            serveWell(peer);
          }
        };
    try (TestUpstream upstream = upstream(refuses)) {
      InetSocketAddress address = proxy.serve(upstream.address());
      assertThat(
              RawClient.ask(address, "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n")
                  .body())
          .isEqualTo("well");
    }
  }

  // ---- what an upstream does not take

  @Test
  void headersThatTheUpstreamDoesNotTakeAreToldAsThat() throws Exception {
    Script brief =
        peer -> {
          int first = peer.request();
          peer.send(SETTINGS, 0, 0, new byte[] {0, 6, 0, 0, 0, 60}); // RFC 9113 §6.5.2
          peer.answer(first, "well");
          peer.untilEnd();
        };
    try (TestUpstream upstream = upstream(brief)) {
      InetSocketAddress address = proxy.serve(upstream.address());
      assertThat(RawClient.get(address, "/").body()).isEqualTo("well");
      assertThat(proxy.record().end()).isEqualTo(RequestEnd.DONE);
      assertThat(RawClient.get(address, "/").status()).isEqualTo(503);
      RequestRecord record = proxy.record();
      assertThat(record.end()).isEqualTo(RequestEnd.UPSTREAM_RESET);
      assertThat(record.detail())
          .contains("takes no request with such long headers, by its SETTINGS_MAX_HEADER_LIST_SIZE")
          .contains("60");
    }
  }

  // ---- what waits

  /** The window of our caller is closed: the upstream's bytes must not grow as objects. */
  @Test
  void aBodyInFramesOfOneByteThatNobodyReadsTakesNoMoreThanItsBytes() throws Exception {
    int frames = 200_000; // less than a window
    AtomicLong before = new AtomicLong();
    CountDownLatch taken = new CountDownLatch(1);
    Script dribbles =
        peer -> {
          int stream = peer.request();
          peer.head(stream, false, ":status", "200");
          peer.pong();
          before.set(UsedHeap.bytes());
          for (int i = 0; i < frames; i++) {
            peer.send(DATA, 0, stream, (byte) 'x');
          }
          peer.pong(); // they have been read
          taken.countDown();
          peer.untilEnd();
        };
    try (TestUpstream upstream = upstream(dribbles);
        RawHttp2Client client = withoutWindow(proxy.serve(upstream.address()))) {
      client.get(1, "/");
      assertThat(taken.await(3 * LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
      UsedHeap.awaitGrowthBelow(8 * 1024 * 1024, before.get()); // each as an object: 20 MiB
    }
  }

  /** A client that takes no byte of a body. */
  private static RawHttp2Client withoutWindow(InetSocketAddress address) throws IOException {
    RawHttp2Client client = new RawHttp2Client(address);
    client.send(
        RawHttp2Client.SETTINGS, 0, 0, new byte[] {0, 4, 0, 0, 0, 0}); // INITIAL_WINDOW_SIZE
    return client;
  }

  @Test
  void theUpstreamsWindowOpensWhenOurCallersDoes() throws Exception {
    int part = 16 * 1024;
    int parts = 16; // all of a window
    BlockingQueue<Boolean> opened = new LinkedBlockingQueue<>();
    Script sends =
        peer -> {
          int stream = peer.request();
          peer.head(stream, false, ":status", "200");
          for (int i = 0; i < parts; i++) {
            peer.send(DATA, 0, stream, new byte[part]);
          }
          peer.send(PING, 0, 0, new byte[8]);
          peer.flush();
          boolean early = false;
          for (Frame next = peer.frame(); next.type() != PING; next = peer.frame()) {
            early |= isUpdateOf(next, stream);
          }
          opened.add(early); // only now the caller opens its window
          Frame next = peer.frame();
          while (!isUpdateOf(next, stream)) {
            next = peer.frame();
          }
          peer.send(DATA, END_STREAM, stream, (byte) 'x');
          peer.flush();
          peer.untilEnd();
        };
    try (TestUpstream upstream = upstream(sends);
        RawHttp2Client client = withoutWindow(proxy.serve(upstream.address()))) {
      client.get(1, "/");
      assertThat(opened.poll(LONG.toSeconds(), TimeUnit.SECONDS)).isFalse();
      client.send(WINDOW_UPDATE, 0, 0, new byte[] {0, 16, 0, 0}); // 1 MiB
      client.send(WINDOW_UPDATE, 0, 1, new byte[] {0, 16, 0, 0});
      int bytes = 0;
      RawHttp2Client.Frame next = client.frameOf(1);
      while (!next.ends()) {
        bytes += next.type() == DATA ? next.payload().length() : 0;
        next = client.frameOf(1);
      }
      assertThat(bytes + next.payload().length()).isEqualTo(part * parts + 1);
    }
  }

  private static boolean isUpdateOf(Frame frame, int stream) {
    return frame.type() == WINDOW_UPDATE && frame.stream() == stream;
  }

  /** Small frames that come together are handed on together, with all their bytes in order. */
  @Test
  void aBodyInFramesOfOneByteArrivesWhole() throws Exception {
    int bytes = 30_000;
    Script dribbles =
        peer -> {
          int stream = peer.request();
          peer.head(stream, false, ":status", "200", "content-length", Integer.toString(bytes));
          for (int i = 0; i < bytes; i++) {
            peer.send(DATA, i == bytes - 1 ? END_STREAM : 0, stream, (byte) ('a' + i % 26));
          }
          peer.flush();
          peer.untilEnd();
        };
    try (TestUpstream upstream = upstream(dribbles)) {
      String body = RawClient.get(proxy.serve(upstream.address()), "/").body();
      StringBuilder expected = new StringBuilder();
      for (int i = 0; i < bytes; i++) {
        expected.append((char) ('a' + i % 26));
      }
      assertThat(body).isEqualTo(expected.toString());
    }
  }

  /** The stream is over for the upstream, and not for our caller. */
  @Test
  void anAnswerThatIsWholeIsDeliveredThoughTheConnectionEnds() throws Exception {
    CountDownLatch gone = new CountDownLatch(1);
    Script sends =
        peer -> {
          int stream = peer.request();
          peer.head(stream, false, ":status", "200");
          for (int i = 0; i < 4; i++) {
            peer.send(DATA, i == 3 ? END_STREAM : 0, stream, new byte[16 * 1024]);
          }
          peer.pong();
          gone.countDown(); // and closes
        };
    try (TestUpstream upstream = upstream(sends);
        RawHttp2Client client = withoutWindow(proxy.serve(upstream.address()))) {
      client.get(1, "/");
      assertThat(client.frameOf(1).type()).isEqualTo(RawHttp2Client.HEADERS);
      assertThat(gone.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
      await()
          .atMost(LONG)
          .untilAsserted(() -> assertThat(told("envoy_cluster_upstream_cx_active")).isEqualTo(0));
      client.send(WINDOW_UPDATE, 0, 0, new byte[] {0, 16, 0, 0});
      client.send(WINDOW_UPDATE, 0, 1, new byte[] {0, 16, 0, 0});
      int bytes = 0;
      RawHttp2Client.Frame next = client.frameOf(1);
      while (!next.ends()) {
        bytes += next.payload().length();
        next = client.frameOf(1);
      }
      assertThat(bytes + next.payload().length()).isEqualTo(64 * 1024);
      assertThat(proxy.record().end()).isEqualTo(RequestEnd.DONE);
    }
  }
}
