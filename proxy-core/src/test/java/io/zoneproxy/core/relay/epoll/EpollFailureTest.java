package io.zoneproxy.core.relay.epoll;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zoneproxy.core.config.ProxyConfig;
import io.zoneproxy.core.config.RelayConfig;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.relay.Blackhole;
import io.zoneproxy.core.relay.Descriptors;
import io.zoneproxy.core.relay.TestProxy;
import io.zoneproxy.core.relay.TestUpstream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What goes wrong and what only this relay must withstand, on real sockets. */
final class EpollFailureTest {
  private static final int WARM_UP = 32 << 20;
  private static final int LAST_WORD = 200_000; // more than one write takes
  private static final int TAIL = 300_000; // more than one read takes

  private static final String ECHOED = "a\n";

  // Columns of /proc/net/tcp.
  private static final int LOCAL = 1;
  private static final int REMOTE = 2;
  private static final int STATE = 3;
  private static final int TIMER = 5;

  private static ProxyConfig config() {
    return ProxyConfig.withMaxConnections(1000);
  }

  private static byte[] random(int bytes) {
    byte[] made = new byte[bytes];
    new Random(bytes).nextBytes(made);
    return made;
  }

  private static void quietly(IoAction action) {
    try {
      action.run();
    } catch (IOException expected) {
      // It is reset, or closed by the test.
    }
  }

  /** May fail. */
  private interface IoAction {
    void run() throws IOException;
  }

  private static void flood(Socket to) throws IOException {
    byte[] block = new byte[64 * 1024];
    while (!to.isClosed()) {
      to.getOutputStream().write(block);
    }
  }

  private static void pass(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void echoes(Socket client, byte[] sent) throws IOException {
    CompletableFuture<Void> writer =
        CompletableFuture.runAsync(() -> quietly(() -> client.getOutputStream().write(sent)));
    byte[] got = client.getInputStream().readNBytes(sent.length);
    writer.join();
    assertThat(Arrays.equals(got, sent)).isTrue();
  }

  @Test
  void relaysBulkByCopyingWhenThereIsNoPipeToBeHad() throws Exception {
    EpollRelay relay = new EpollRelay(new PipeQuota(0));
    long pipes = Descriptors.pipes();
    try (TestUpstream upstream = new TestUpstream(TestUpstream.ECHO);
        TestProxy proxy = new TestProxy(relay, config(), 1)) {
      proxy.route(Map.of("a", List.of(upstream.address())));
      try (Socket client = proxy.dial(ECHOED.trim())) {
        assertThat(client.getInputStream().readNBytes(2)).asString(UTF_8).isEqualTo(ECHOED);
        echoes(client, random(32 << 20));
        assertThat(Descriptors.pipes()).isLessThanOrEqualTo(pipes);
      }
    }
  }

  @Test
  void relaysBulkOfManyConnectionsThroughTheFewPipesThatTheQuotaAllows() throws Exception {
    EpollRelay relay = new EpollRelay(new PipeQuota(2L * PipePool.FIRST_BYTES));
    try (TestUpstream upstream = new TestUpstream(TestUpstream.ECHO);
        TestProxy proxy = new TestProxy(relay, config(), 2)) {
      proxy.route(Map.of("a", List.of(upstream.address())));
      List<CompletableFuture<Void>> all = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        byte[] sent = random((4 << 20) + i);
        all.add(
            CompletableFuture.runAsync(
                () -> {
                  try (Socket client = proxy.dial("a")) {
                    assertThat(client.getInputStream().readNBytes(2)).hasSize(2);
                    echoes(client, sent);
                  } catch (IOException e) {
                    throw new AssertionError(e);
                  }
                },
                task -> new Thread(task).start()));
      }
      all.forEach(CompletableFuture::join);
      assertThat(relay.pipeBytes()).isLessThanOrEqualTo(2L * PipePool.FIRST_BYTES);
    }
    await().until(() -> relay.pipeBytes() == 0);
  }

  @Test
  void closesAPipeWithBytesInItWhenTheConnectionIsCut() throws Exception {
    EpollRelay relay = new EpollRelay(new PipeQuota(64L << 20));
    Descriptors before = Descriptors.note();
    TestUpstream.Behaviour floods =
        socket -> {
          TestUpstream.readLine(socket);
          flood(socket);
        };
    try (TestUpstream upstream = new TestUpstream(floods);
        TestProxy proxy = new TestProxy(relay, config(), 1)) {
      proxy.route(Map.of("a", List.of(upstream.address())));
      List<Socket> stalled = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        Socket client = proxy.dial("a");
        stalled.add(client);
        client.getInputStream().skipNBytes(4 << 20); // and no more: pipes fill
      }
      // Idle pipes are closed after a second; those that are left have bytes in them.
      await().pollDelay(Duration.ofMillis(2100)).until(() -> relay.pipeBytes() > 0);
      proxy.runtime.close();
      await().until(() -> proxy.runtime.openConnections() == 0);
      await().until(() -> relay.pipeBytes() == 0);
      for (Socket client : stalled) {
        client.close();
      }
    }
    before.awaitBack();
  }

  @Test
  void endsAConnectionToASilentServiceAtOnceWhenItsClientResetsAfterFin() throws Exception {
    CountDownLatch sawFin = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    TestUpstream.Behaviour silent =
        socket -> {
          TestUpstream.readLine(socket);
          socket.getOutputStream().write('x');
          assertThat(socket.getInputStream().read()).isEqualTo(-1);
          sawFin.countDown();
          pass(over);
        };
    try (TestUpstream upstream = new TestUpstream(silent);
        TestProxy proxy = new TestProxy(new EpollRelay(), config(), 1)) {
      proxy.route(Map.of("a", List.of(upstream.address())));
      try (Socket client = proxy.dial("a")) {
        assertThat(client.getInputStream().read()).isEqualTo('x');
        client.shutdownOutput();
        pass(sawFin);
        client.setSoLinger(true, 0);
      }
      assertThat(proxy.nextClosed().reason()).isEqualTo(CloseReason.DONE);
      over.countDown();
    }
  }

  @Test
  void endsAConnectionToASilentClientAtOnceWhenItsServiceResetsAfterFin() throws Exception {
    CountDownLatch sawFin = new CountDownLatch(1);
    TestUpstream.Behaviour finThenReset =
        socket -> {
          TestUpstream.readLine(socket);
          socket.getOutputStream().write('x');
          socket.shutdownOutput();
          pass(sawFin);
          socket.setSoLinger(true, 0);
        };
    try (TestUpstream upstream = new TestUpstream(finThenReset);
        TestProxy proxy = new TestProxy(new EpollRelay(), config(), 1)) {
      proxy.route(Map.of("a", List.of(upstream.address())));
      try (Socket client = proxy.dial("a")) {
        assertThat(client.getInputStream().readAllBytes()).containsExactly('x');
        sawFin.countDown();
        assertThat(proxy.nextClosed().reason()).isEqualTo(CloseReason.DONE);
      }
    }
  }

  @Test
  void passesOnAnUploadWholeOrWithAResetWhenItsClientIsGoneAndTheServiceSpeaks() throws Exception {
    CountDownLatch warm = new CountDownLatch(1);
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch spoken = new CountDownLatch(1);
    CompletableFuture<Long> received = new CompletableFuture<>();
    TestUpstream.Behaviour speaksFirst =
        socket -> {
          TestUpstream.readLine(socket);
          socket.getInputStream().skipNBytes(WARM_UP);
          warm.countDown();
          pass(held);
          socket.getOutputStream().write(new byte[LAST_WORD]);
          spoken.countDown();
          try {
            received.complete(socket.getInputStream().transferTo(OutputStream.nullOutputStream()));
          } catch (IOException e) { // a reset
            received.complete((long) TAIL);
          }
        };
    try (TestUpstream upstream = new TestUpstream(speaksFirst);
        TestProxy proxy = new TestProxy(new EpollRelay(), config(), 1)) {
      proxy.route(Map.of("a", List.of(upstream.address())));
      CountDownLatch go = new CountDownLatch(1);
      try (Socket client = proxy.dial("a")) {
        client.getOutputStream().write(new byte[WARM_UP]); // the kernel's buffers grow with use
        pass(warm);
        proxy.hold(go);
        held.countDown();
        pass(spoken);
        client.getOutputStream().write(new byte[TAIL]);
      } // gone: what the service has said will be answered with a reset
      go.countDown();
      assertThat(received.get(20, TimeUnit.SECONDS)).isEqualTo(TAIL);
      assertThat(proxy.nextClosed().reason()).isIn(CloseReason.DONE, CloseReason.DOWNSTREAM_RESET);
    }
  }

  @Test
  void deliversTheAnswerOfAnUpstreamThatResetsAClientThatIsStillSending() throws Exception {
    byte[] answer = random(30_000);
    TestUpstream.Behaviour refuses =
        socket -> {
          TestUpstream.readLine(socket);
          socket.getOutputStream().write(answer);
          socket.getInputStream().skipNBytes(1); // closing with the rest unread is a reset
        };
    try (TestUpstream upstream = new TestUpstream(refuses);
        TestProxy proxy = new TestProxy(new EpollRelay(), config(), 1)) {
      proxy.route(Map.of("a", List.of(upstream.address())));
      for (int i = 0; i < 50; i++) {
        try (Socket client = proxy.dial("a")) {
          Thread sender = new Thread(() -> quietly(() -> flood(client)));
          sender.start();
          byte[] got = client.getInputStream().readNBytes(answer.length);
          assertThat(Arrays.equals(got, answer)).isTrue();
          sender.join();
        }
        // When it had read all for a moment, it says FIN first.
        assertThat(proxy.nextClosed().reason()).isIn(CloseReason.UPSTREAM_RESET, CloseReason.DONE);
      }
    }
  }

  @Test
  void readsOnBehindAnUrgentByte() throws Exception {
    // A read stops before an urgent byte, though more is there: no sign that all was read.
    TestUpstream.Behaviour collects =
        socket -> {
          TestUpstream.readLine(socket);
          OutputStream out = socket.getOutputStream();
          for (int c = socket.getInputStream().read(); c >= 0; c = socket.getInputStream().read()) {
            out.write(c);
          }
        };
    try (Blackhole silent = new Blackhole();
        TestUpstream upstream = new TestUpstream(collects);
        TestProxy proxy = new TestProxy(new EpollRelay(), shortConnects(), 1)) {
      proxy.route(Map.of("a", List.of(silent.address(), upstream.address())));
      for (int i = 0; i < 2; i++) { // one of the two waits for the endpoint that is silent
        try (Socket client = proxy.dial("a")) {
          client.getOutputStream().write("before".getBytes(UTF_8));
          client.sendUrgentData('!');
          client.getOutputStream().write("behind".getBytes(UTF_8));
          assertThat(client.getInputStream().readNBytes(12)).asString(UTF_8).endsWith("behind");
        }
      }
    }
  }

  private static ProxyConfig shortConnects() {
    ProxyConfig usual = config();
    return new ProxyConfig(
        usual.hello(),
        new RelayConfig(
            Duration.ofMillis(300), Duration.ofHours(1), Duration.ofHours(1), Duration.ZERO, 3),
        usual.limits(),
        usual.drain(),
        usual.removal());
  }

  @Test
  void acceptsAllThatWaitedWhileItsLoopWasBusy() throws Exception {
    EpollRelay relay = new EpollRelay(new PipeQuota(0));
    CountDownLatch go = new CountDownLatch(1);
    List<Socket> clients = new ArrayList<>();
    try (TestUpstream upstream = new TestUpstream(TestUpstream.ECHO);
        TestProxy proxy = new TestProxy(relay, config(), 1)) {
      proxy.route(Map.of("a", List.of(upstream.address())));
      relay.used().forEach(loop -> loop.execute(() -> pass(go)));
      for (int i = 0; i < 300; i++) { // 64 are accepted at once, and epoll tells once
        clients.add(proxy.dial("a"));
      }
      go.countDown();
      for (Socket client : clients) {
        assertThat(client.getInputStream().readNBytes(2)).hasSize(2);
        client.close();
      }
    }
  }

  @Test
  void forgetsAnEventLoopThatNobodyUses() throws Exception {
    EpollRelay relay = new EpollRelay(new PipeQuota(64L << 20));
    try (TestUpstream upstream = new TestUpstream(TestUpstream.ECHO);
        TestProxy proxy = new TestProxy(relay, config(), 2)) {
      proxy.route(Map.of("a", List.of(upstream.address())));
      try (Socket client = proxy.dial("a")) {
        assertThat(client.getInputStream().readNBytes(2)).hasSize(2);
        assertThat(relay.used()).hasSize(2);
      }
    }
    await().until(() -> relay.used().isEmpty());
    assertThat(relay.pipeBytes()).isZero();
  }

  @Test
  void asksBothPeersOfAConnectionThatStaysForASignOfLife() throws Exception {
    try (TestUpstream upstream = new TestUpstream(TestUpstream.ECHO);
        TestProxy proxy = new TestProxy(new EpollRelay(), config(), 1)) {
      proxy.route(Map.of("a", List.of(upstream.address())));
      try (Socket client = proxy.dial("a")) {
        assertThat(client.getInputStream().readNBytes(2)).hasSize(2);
        await().until(() -> hasKeepAliveTimer(LOCAL, proxy.port()));
        await().until(() -> hasKeepAliveTimer(REMOTE, upstream.address().port()));
      }
    }
  }

  /** Whether an established connection with this port has one, by proc(5), /proc/net/tcp. */
  private static boolean hasKeepAliveTimer(int column, int port) throws IOException {
    String address = String.format(":%04X", port);
    return Files.readAllLines(Path.of("/proc/net/tcp")).stream()
        .map(line -> line.trim().split(" +"))
        .anyMatch(
            fields ->
                fields[column].endsWith(address)
                    && fields[STATE].equals("01")
                    && fields[TIMER].startsWith("02:"));
  }
}
