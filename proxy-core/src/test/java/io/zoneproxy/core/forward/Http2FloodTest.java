package io.zoneproxy.core.forward;

import static io.zoneproxy.core.forward.Http2Frames.ACK;
import static io.zoneproxy.core.forward.Http2Frames.CONTINUATION;
import static io.zoneproxy.core.forward.Http2Frames.DATA;
import static io.zoneproxy.core.forward.Http2Frames.END_HEADERS;
import static io.zoneproxy.core.forward.Http2Frames.END_STREAM;
import static io.zoneproxy.core.forward.Http2Frames.GET;
import static io.zoneproxy.core.forward.Http2Frames.HEADERS;
import static io.zoneproxy.core.forward.Http2Frames.PING;
import static io.zoneproxy.core.forward.Http2Frames.POST;
import static io.zoneproxy.core.forward.Http2Frames.RST_STREAM;
import static io.zoneproxy.core.forward.Http2Frames.SETTINGS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zoneproxy.core.http.RawClient;
import io.zoneproxy.core.model.http.HttpFilter;
import io.zoneproxy.core.model.policy.Fraction;
import io.zoneproxy.core.relay.TestUpstream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames of HTTP/2 that cost a client nothing and a proxy much: the connection ends. */
final class Http2FloodTest {
  private static final int PRIORITY = 2;
  private static final int WINDOW_UPDATE = 8;
  private static final int UNKNOWN = 0xfe;

  private static final HttpProxyFixture proxy = new HttpProxyFixture();

  /** Far beyond every limit, and what the buffers of two sockets hold. */
  private static final int MANY = 2_000_000;

  @AfterAll
  static void stop() {
    proxy.close();
  }

  private static TestUpstream upstream() throws IOException {
    return new TestUpstream(HttpUpstreams.answering(request -> HttpUpstreams.ok("x")));
  }

  private static void assertServesOthers(InetSocketAddress address) throws IOException {
    assertThat(RawClient.get(address, "/").status()).isEqualTo(200);
  }

  @Test
  void requestsThatAreTakenBackAtOnce() throws Exception {
    try (TestUpstream upstream = upstream()) {
      InetSocketAddress address = proxy.serve(upstream.address());
      try (Http2Frames client = new Http2Frames(address)) {
        for (int stream = 1; stream < 2000; stream += 2) {
          client.send(HEADERS, END_HEADERS | END_STREAM, stream, GET);
          client.send(RST_STREAM, 0, stream, (byte) 0, (byte) 0, (byte) 0, (byte) 8);
        }
        flushOrClosed(client);
        assertThat(client.ends()).isTrue();
      }
      assertThat(upstream.connections.get()).isLessThan(1000);
      assertServesOthers(address);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 16 * 1024})
  void aHeadThatNeverEnds(int bytes) throws Exception {
    try (TestUpstream upstream = upstream()) {
      InetSocketAddress address = proxy.serve(upstream.address());
      try (Http2Frames client = new Http2Frames(address)) {
        client.send(HEADERS, END_STREAM, 1, GET);
        sendUntilClosed(client, 10_000, CONTINUATION, 1, literal(bytes));
        assertThat(client.ends()).isTrue();
      }
      assertThat(upstream.connections).hasValue(0);
      assertServesOthers(address);
    }
  }

  /** Header fields of about so many bytes, of which the table remembers nothing. */
  private static byte[] literal(int bytes) {
    byte[] block = new byte[bytes];
    for (int i = 0; i + 3 < bytes; i += 4) {
      block[i + 1] = 1;
      block[i + 2] = 'a';
    }
    return block;
  }

  @Test
  void aHeadThatUnpacksToMuchMore() throws Exception {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    block.writeBytes(GET);
    block.writeBytes(new byte[] {0x40, 1, 'a', 0x7f, (byte) 0xa1, 0x1e}); // 127 + 3873 bytes
    block.writeBytes("b".repeat(4000).getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; i < 10_000; i++) {
      block.write(0xbe); // the same again
    }
    try (TestUpstream upstream = upstream()) {
      InetSocketAddress address = proxy.serve(upstream.address());
      try (Http2Frames client = new Http2Frames(address)) {
        client.send(HEADERS, END_HEADERS | END_STREAM, 1, block.toByteArray());
        client.send(PING, 0, 0, new byte[3]); // which ends it, if nothing before has
        flushOrClosed(client);
        assertThat(client.ends()).isTrue();
      }
      assertThat(upstream.connections).hasValue(0);
      assertServesOthers(address);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {PING, SETTINGS})
  void framesWhoseAnswersNobodyReads(int type) throws Exception {
    try (TestUpstream upstream = upstream()) {
      InetSocketAddress address = proxy.serve(upstream.address());
      try (Http2Frames client = new Http2Frames(address)) {
        assertThat(sendUntilClosed(client, MANY, type, 0, new byte[type == PING ? 8 : 0])).isTrue();
      }
      assertServesOthers(address);
    }
  }

  /** Whoever reads the answers costs no memory, and as much CPU as it likes. */
  @ParameterizedTest
  @ValueSource(ints = {PING, SETTINGS, PRIORITY, WINDOW_UPDATE, UNKNOWN})
  void framesThatMoveNothingThoughTheirAnswersAreRead(int type) throws Exception {
    byte[] payload =
        switch (type) {
          case PING -> new byte[8];
          case PRIORITY -> new byte[] {0, 0, 0, 0, 1};
          case WINDOW_UPDATE -> new byte[] {0, 0, 0, 1};
          default -> new byte[0];
        };
    try (TestUpstream upstream = upstream()) {
      InetSocketAddress address = proxy.serve(upstream.address());
      try (Http2Frames client = new Http2Frames(address)) {
        CompletableFuture<Boolean> reading = CompletableFuture.supplyAsync(() -> ends(client));
        boolean closed = sendUntilClosed(client, MANY, type, type == PRIORITY ? 1 : 0, payload);
        assertThat(closed || reading.get(20, TimeUnit.SECONDS)).isTrue();
      }
      assertServesOthers(address);
    }
  }

  private static boolean ends(Http2Frames client) {
    try {
      return client.ends();
    } catch (IOException e) {
      return true;
    }
  }

  /** Keep-alive and measuring are no flood: gRPC sends a PING for what a read brought. */
  @Test
  void aPingForEachRequestIsNoFlood() throws Exception {
    try (TestUpstream upstream = upstream()) {
      try (Http2Frames client = new Http2Frames(proxy.serve(upstream.address()))) {
        for (int stream = 1; stream < 6000; stream += 2) {
          client.send(HEADERS, END_HEADERS | END_STREAM, stream, GET);
          client.pong();
        }
      }
    }
  }

  @Test
  void dataWithoutContent() throws Exception {
    try (TestUpstream upstream = upstream()) {
      InetSocketAddress address = proxy.serve(upstream.address());
      try (Http2Frames client = new Http2Frames(address)) {
        client.send(HEADERS, END_HEADERS, 1, POST);
        sendUntilClosed(client, 10_000, DATA, 1, new byte[0]);
        assertThat(client.ends()).isTrue();
      }
      assertServesOthers(address);
    }
  }

  @Test
  void aResponseThatNobodyReadsIsLeftWithTheUpstream() throws Exception {
    AtomicLong written = new AtomicLong();
    long all = 256L * 1024 * 1024;
    try (TestUpstream upstream =
        new TestUpstream(
            socket -> {
              HttpUpstreams.read(socket.getInputStream());
              OutputStream out = socket.getOutputStream();
              String head = "HTTP/1.1 200 OK\r\ncontent-length: " + all + "\r\n\r\n";
              out.write(head.getBytes(StandardCharsets.US_ASCII));
              byte[] some = new byte[64 * 1024];
              while (written.get() < all) {
                out.write(some);
                written.addAndGet(some.length);
              }
            })) {
      InetSocketAddress address = proxy.serve(upstream.address());
      try (Http2Frames client = new Http2Frames(address)) {
        client.send(HEADERS, END_HEADERS | END_STREAM, 1, GET);
        client.flush();
        AtomicLong before = new AtomicLong(-1);
        await()
            .pollInterval(Duration.ofMillis(500))
            .until(() -> written.get() > 0 && before.getAndSet(written.get()) == written.get());
        assertThat(written.get()).isLessThan(16L * 1024 * 1024); // what sockets hold
      }
    }
  }

  /** A window counts bytes: what waits in it must not take a hundred times as many as objects. */
  @Test
  void aBodyInFramesOfOneByteThatHasToWait() throws Exception {
    int frames = 200_000; // less than a window
    try (HttpProxyFixture slow = new HttpProxyFixture()) {
      slow.filters = List.of(delayed(), new HttpFilter.Router());
      try (Http2Frames client = new Http2Frames(slow.serve(TestUpstream.refusing()))) {
        client.send(SETTINGS, ACK, 0); // so that the window is what was said
        client.send(HEADERS, END_HEADERS, 1, POST);
        client.pong();
        long before = UsedHeap.bytes();
        for (int i = 0; i < frames; i++) {
          client.send(DATA, 0, 1, (byte) 'x');
        }
        client.pong(); // they have been read
        UsedHeap.awaitGrowthBelow(8 * 1024 * 1024, before); // each as an object: 20 MiB
      }
    }
  }

  private static HttpFilter delayed() {
    return new HttpFilter.Fault(
        Optional.empty(),
        Optional.of(new HttpFilter.Delay(Duration.ofHours(1), Fraction.ALL)),
        Optional.empty(),
        List.of());
  }

  private static void flushOrClosed(Http2Frames client) throws IOException {
    try {
      client.flush();
    } catch (SocketException e) {
      // Closed while we were sending: what is wanted.
    }
  }

  private static boolean sendUntilClosed(
      Http2Frames client, int most, int type, int stream, byte[] payload) throws IOException {
    try {
      for (int i = 0; i < most; i++) {
        client.send(type, 0, stream, payload);
      }
      client.flush();
      return false;
    } catch (SocketException e) {
      return true;
    }
  }
}
