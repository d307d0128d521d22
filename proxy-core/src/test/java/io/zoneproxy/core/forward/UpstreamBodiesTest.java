package io.zoneproxy.core.forward;

import static io.zoneproxy.core.forward.Http2Peer.DATA;
import static io.zoneproxy.core.forward.Http2Peer.END_STREAM;
import static io.zoneproxy.core.forward.Http2Peer.PING;
import static io.zoneproxy.core.forward.Http2Peer.WINDOW_UPDATE;
import static io.zoneproxy.core.forward.ScriptedUpstreams.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zoneproxy.core.forward.Http2Peer.Frame;
import io.zoneproxy.core.forward.ScriptedUpstreams.Script;
import io.zoneproxy.core.http.RawClient;
import io.zoneproxy.core.observe.request.RequestEnd;
import io.zoneproxy.core.relay.TestUpstream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is held of bodies over HTTP/2 that come in pieces, or faster than they are taken. */
final class UpstreamBodiesTest {
  private final ScriptedUpstreams upstreams = new ScriptedUpstreams();

  @AfterEach
  void stop() {
    upstreams.close();
  }

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
    try (TestUpstream upstream = upstreams.play(dribbles);
        RawHttp2Client client = withoutWindow(upstreams.proxy.serve(upstream.address()))) {
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
    try (TestUpstream upstream = upstreams.play(sends);
        RawHttp2Client client = withoutWindow(upstreams.proxy.serve(upstream.address()))) {
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
    try (TestUpstream upstream = upstreams.play(dribbles)) {
      String body = RawClient.get(upstreams.proxy.serve(upstream.address()), "/").body();
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
    try (TestUpstream upstream = upstreams.play(sends);
        RawHttp2Client client = withoutWindow(upstreams.proxy.serve(upstream.address()))) {
      client.get(1, "/");
      assertThat(client.frameOf(1).type()).isEqualTo(RawHttp2Client.HEADERS);
      assertThat(gone.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
      await()
          .atMost(LONG)
          .untilAsserted(
              () -> assertThat(upstreams.told("envoy_cluster_upstream_cx_active")).isEqualTo(0));
      client.send(WINDOW_UPDATE, 0, 0, new byte[] {0, 16, 0, 0});
      client.send(WINDOW_UPDATE, 0, 1, new byte[] {0, 16, 0, 0});
      int bytes = 0;
      RawHttp2Client.Frame next = client.frameOf(1);
      while (!next.ends()) {
        bytes += next.payload().length();
        next = client.frameOf(1);
      }
      assertThat(bytes + next.payload().length()).isEqualTo(64 * 1024);
      assertThat(upstreams.proxy.record().end()).isEqualTo(RequestEnd.DONE);
    }
  }
}
