package io.zoneproxy.core.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zoneproxy.core.config.ProxyConfig;
import io.zoneproxy.core.observe.CloseReason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No byte is lost, doubled or in the wrong place, for each relay there is. */
@ParameterizedClass
@EnumSource(RelayKind.class)
final class ContentTest {
  private static final int KIB = 1024;
  private static final int MIB = 1024 * 1024;

  private final RelayKind relay;

  ContentTest(RelayKind relay) {
    this.relay = relay;
  }

  private TestProxy proxy(int loops, TestUpstream upstream) {
    return new TestProxy(relay, ProxyConfig.withMaxConnections(1000), loops)
        .route(Map.of("a", List.of(upstream.address())));
  }

  private static byte[] random(int bytes) {
    byte[] made = new byte[bytes];
    new Random(bytes).nextBytes(made);
    return made;
  }

  @Test
  void deliversTheWholeAnswerOfAServiceThatClosesRightAfterIt() throws Exception {
    byte[] answer = random(MIB);
    TestUpstream.Behaviour answers =
        socket -> {
          TestUpstream.readLine(socket);
          socket.getOutputStream().write(answer);
        };
    try (TestUpstream upstream = new TestUpstream(answers);
        TestProxy proxy = proxy(1, upstream)) {
      for (int i = 0; i < 200; i++) {
        try (Socket client = proxy.dial("a")) {
          byte[] got = client.getInputStream().readAllBytes();
          assertThat(got.length).isEqualTo(answer.length);
          assertThat(Arrays.equals(got, answer)).isTrue();
        }
      }
    }
  }

  @Test
  void deliversTheWholeUploadOfAClientThatHalfClosesRightAfterIt() throws Exception {
    byte[] upload = random(300_000);
    SynchronousQueue<byte[]> received = new SynchronousQueue<>();
    TestUpstream.Behaviour takes =
        socket -> {
          TestUpstream.readLine(socket);
          byte[] all = socket.getInputStream().readAllBytes();
          socket.getOutputStream().write('k');
          offer(received, all);
        };
    try (TestUpstream upstream = new TestUpstream(takes);
        TestProxy proxy = proxy(1, upstream)) {
      for (int i = 0; i < 200; i++) {
        try (Socket client = proxy.dial("a")) {
          client.getOutputStream().write(upload);
          client.shutdownOutput();
          byte[] got = received.poll(20, TimeUnit.SECONDS);
          assertThat(Arrays.equals(got, upload)).isTrue();
          assertThat(client.getInputStream().readAllBytes()).containsExactly('k');
        }
        assertThat(proxy.nextClosed().reason()).isEqualTo(CloseReason.DONE);
      }
    }
  }

  private static void offer(SynchronousQueue<byte[]> to, byte[] bytes) {
    try {
      to.offer(bytes, 20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Where buffers and pipes are exactly full. */
  @ParameterizedTest
  @ValueSource(ints = {4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB, MIB, 4 * MIB})
  void keepsEverySizeAroundTheBoundsOfItsBuffers(int bound) throws Exception {
    try (TestUpstream upstream = new TestUpstream(TestUpstream.ECHO);
        TestProxy proxy = proxy(1, upstream);
        Socket kept = proxy.dial("a")) {
      assertThat(kept.getInputStream().readNBytes(2)).hasSize(2);
      for (int size = bound - 2; size <= bound + 2; size++) {
        byte[] sent = random(size);
        echoes(kept, sent); // as one of many messages
        try (Socket client = proxy.dial("a")) { // alone, with FIN behind it
          CompletableFuture<Void> writer =
              CompletableFuture.runAsync(() -> write(client, sent, true));
          byte[] got = client.getInputStream().readAllBytes();
          writer.join();
          assertThat(got.length).isEqualTo(size + 2);
          assertThat(Arrays.equals(got, 2, got.length, sent, 0, size)).isTrue();
        }
      }
    }
  }

  private static void write(Socket to, byte[] bytes, boolean last) {
    try {
      to.getOutputStream().write(bytes);
      if (last) {
        to.shutdownOutput();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void echoes(Socket client, byte[] sent) throws IOException {
    CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> write(client, sent, false));
    byte[] got = client.getInputStream().readNBytes(sent.length);
    writer.join();
    assertThat(Arrays.equals(got, sent)).isTrue();
  }

  @Test
  void keepsThousandsOfMessagesOfRandomSizesApart() throws Exception {
    int connections = 24;
    ExecutorService threads = Executors.newFixedThreadPool(connections);
    try (TestUpstream upstream = new TestUpstream(TestUpstream.ECHO);
        TestProxy proxy = proxy(2, upstream)) {
      List<Future<Long>> done = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        int seed = i;
        done.add(threads.submit(() -> converse(proxy, new Random(seed))));
      }
      long messages = 0;
      for (Future<Long> each : done) {
        messages += each.get(60, TimeUnit.SECONDS);
      }
      assertThat(messages).isGreaterThan(2000);
      assertThat(upstream.failures).isEmpty();
    } finally {
      threads.shutdownNow();
    }
  }

  /** Messages from a few bytes to some hundred KiB, in pieces, with pauses; the size changes. */
  private static long converse(TestProxy proxy, Random random) throws IOException {
    long messages = 0;
    try (Socket client = proxy.dial("a")) {
      assertThat(client.getInputStream().readNBytes(2)).hasSize(2);
      for (int phase = 0; phase < 10; phase++) {
        int limit = 1 << (4 + random.nextInt(15)); // 16 bytes to 256 KiB
        int inPhase = 5 + random.nextInt(15);
        for (int i = 0; i < inPhase; i++, messages++) {
          byte[] sent = new byte[1 + random.nextInt(limit)];
          random.nextBytes(sent);
          sendInPieces(client, sent, random);
          byte[] got = client.getInputStream().readNBytes(sent.length);
          assertThat(Arrays.equals(got, sent)).isTrue();
        }
      }
      client.shutdownOutput();
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
    return messages;
  }

  /** What the proxy echoes meanwhile fits into the kernel's buffers. */
  private static void sendInPieces(Socket client, byte[] bytes, Random random) throws IOException {
    for (int at = 0; at < bytes.length; ) {
      int piece = Math.min(bytes.length - at, 1 + random.nextInt(bytes.length));
      client.getOutputStream().write(bytes, at, piece);
      at += piece;
      if (random.nextInt(4) == 0) {
        java.util.concurrent.locks.LockSupport.parkNanos(random.nextInt(1_000_000)); // up to 1 ms
      }
    }
  }

  @Test
  void keepsBothWaysApartWhenBothAreBusy() throws Exception {
    byte[] down = random(8 * MIB);
    byte[] up = random(6 * MIB);
    ByteArrayOutputStream got = new ByteArrayOutputStream(up.length);
    TestUpstream.Behaviour both =
        socket -> {
          TestUpstream.readLine(socket);
          CompletableFuture<Void> writer =
              CompletableFuture.runAsync(() -> write(socket, down, true));
          socket.getInputStream().transferTo(got);
          writer.join();
        };
    try (TestUpstream upstream = new TestUpstream(both);
        TestProxy proxy = proxy(1, upstream)) {
      try (Socket client = proxy.dial("a")) {
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> write(client, up, true));
        byte[] received = client.getInputStream().readAllBytes();
        writer.join();
        assertThat(Arrays.equals(received, down)).isTrue();
      }
      assertThat(proxy.nextClosed().reason()).isEqualTo(CloseReason.DONE);
      await().until(() -> got.size() == up.length); // the kernel has them all, and hands them out
      assertThat(Arrays.equals(got.toByteArray(), up)).isTrue();
    }
  }
}
