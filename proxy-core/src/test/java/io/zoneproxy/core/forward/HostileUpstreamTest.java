package io.zoneproxy.core.forward;

import static io.zoneproxy.core.forward.Http2Peer.CONTINUATION;
import static io.zoneproxy.core.forward.Http2Peer.DATA;
import static io.zoneproxy.core.forward.Http2Peer.END_HEADERS;
import static io.zoneproxy.core.forward.Http2Peer.GOAWAY;
import static io.zoneproxy.core.forward.Http2Peer.HEADERS;
import static io.zoneproxy.core.forward.Http2Peer.PING;
import static io.zoneproxy.core.forward.Http2Peer.PRIORITY;
import static io.zoneproxy.core.forward.Http2Peer.PUSH_PROMISE;
import static io.zoneproxy.core.forward.Http2Peer.RST_STREAM;
import static io.zoneproxy.core.forward.Http2Peer.SETTINGS;
import static io.zoneproxy.core.forward.Http2Peer.WINDOW_UPDATE;
import static io.zoneproxy.core.forward.ScriptedUpstreams.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zoneproxy.core.forward.Http2Peer.Frame;
import io.zoneproxy.core.forward.ScriptedUpstreams.Script;
import io.zoneproxy.core.http.RawClient;
import io.zoneproxy.core.observe.request.RequestEnd;
import io.zoneproxy.core.observe.request.RequestRecord;
import io.zoneproxy.core.relay.TestUpstream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Upstreams that flood over HTTP/2: the proxy and its other callers do not pay. */
final class HostileUpstreamTest {
  /** Far beyond every limit, and what the buffers of two sockets hold. */
  private static final int MANY = 2_000_000;

  private final ScriptedUpstreams upstreams = new ScriptedUpstreams();

  @AfterEach
  void stop() {
    upstreams.close();
  }

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
    try (TestUpstream upstream = upstreams.play(floods)) {
      InetSocketAddress address = upstreams.proxy.serve(upstream.address());
      assertThat(RawClient.get(address, "/").status()).isEqualTo(502);
      RequestRecord record = upstreams.proxy.record();
      assertThat(record.end()).isEqualTo(RequestEnd.UPSTREAM_PROTOCOL);
      assertThat(record.detail()).contains(flood.reason);
      assertThat(ended.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(upstreams.protocolErrors()).isEqualTo(1);
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
    try (TestUpstream upstream = upstreams.play(empty)) {
      InetSocketAddress address = upstreams.proxy.serve(upstream.address());
      try (RawClient client = new RawClient(address)) {
        client.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
        RequestRecord record = upstreams.proxy.record();
        assertThat(record.end()).isEqualTo(RequestEnd.UPSTREAM_PROTOCOL);
        assertThat(record.detail()).contains("too many DATA without content");
        assertThat(ScriptedUpstreams.ends(client)).isTrue();
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
    try (TestUpstream upstream = upstreams.play(pings)) {
      assertThat(RawClient.get(upstreams.proxy.serve(upstream.address()), "/").status())
          .isEqualTo(502);
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
    try (TestUpstream upstream = upstreams.play(floods)) {
      InetSocketAddress address = upstreams.proxy.serve(upstream.address());
      try (RawClient client = new RawClient(address)) {
        client.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
        await().atMost(LONG).until(() -> upstreams.connections.get() == 1);
      }
      assertThat(ended.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
      await().atMost(LONG).untilAsserted(() -> assertThat(upstreams.protocolErrors()).isEqualTo(1));
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
    try (TestUpstream upstream = upstreams.play(unasked)) {
      assertThat(RawClient.get(upstreams.proxy.serve(upstream.address()), "/").status())
          .isEqualTo(502);
      assertThat(upstreams.proxy.record().detail()).contains(reason);
    }
  }
}
