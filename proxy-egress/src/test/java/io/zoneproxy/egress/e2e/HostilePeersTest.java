package io.zoneproxy.egress.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zoneproxy.core.config.ConnectionLimits;
import io.zoneproxy.core.config.HelloLimits;
import io.zoneproxy.core.config.ProxyConfig;
import io.zoneproxy.core.config.RelayConfig;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.relay.TestUpstream;
import io.zoneproxy.egress.e2e.KumaTexts.Instance;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Peers that mean ill, at the running pair: others do not feel them, and nothing stays behind. */
final class HostilePeersTest {
  private static final String ECHO = TwoZones.tagged("echo");
  private static final byte[] HELLO = RawClient.hello(ECHO);
  private static final int MANY = 500;
  private static final int SOME = 20;

  private final Path folder;
  private final EchoService service = new EchoService();
  private final List<RawClient> clients = new ArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);

  HostilePeersTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
  }

  @AfterEach
  void close() throws IOException {
    over.countDown();
    for (RawClient client : clients) {
      client.close();
    }
    service.close();
  }

  @Test
  void halfOpenPeeksHinderNobody() throws IOException {
    try (TwoZones zones = zones(withHelloTimeout(Duration.ofMinutes(5)))) {
      for (int i = 0; i < MANY; i++) {
        clients.add(RawClient.dial(zones.door()).send(start(i % HELLO.length)));
      }
      await().until(() -> zones.egress.proxy.openConnections() == MANY);
      for (int i = 0; i < SOME; i++) {
        assertServed(zones.door());
      }
      assertThat(zones.egress.proxy.openConnections()).isGreaterThanOrEqualTo(MANY);
      assertThat(zones.ingress.stats().total.sum()).isEqualTo(SOME);
      for (RawClient client : clients) {
        client.close();
      }
      await().until(() -> zones.openConnections() == 0);
    }
  }

  @Test
  void aTrickleDoesNotMoveTheDeadline() throws IOException {
    ScheduledExecutorService trickle = Executors.newSingleThreadScheduledExecutor();
    try (TwoZones zones = zones(withHelloTimeout(Duration.ofMillis(700)))) {
      for (int i = 0; i < SOME; i++) {
        clients.add(RawClient.dial(zones.door()));
      }
      AtomicInteger next = new AtomicInteger();
      trickle.scheduleAtFixedRate(
          () -> sendByte(next.getAndIncrement()), 0, 50, TimeUnit.MILLISECONDS);
      for (RawClient client : clients) {
        assertThat(client.readToTheEnd()).isEmpty();
      }
      assertThat(zones.egress.stats().closed(CloseReason.HELLO_TIMEOUT).sum()).isEqualTo(SOME);
      assertThat(next).hasValueLessThan(HELLO.length); // else the hello would have been whole
      assertThat(zones.ingress.stats().total.sum()).isZero();
      assertServed(zones.door());
    } finally {
      trickle.shutdownNow();
    }
  }

  private void sendByte(int index) {
    for (RawClient client : clients) {
      try {
        client.send(new byte[] {HELLO[index]});
      } catch (IOException e) {
        // It was cut: that is what the test waits for.
      }
    }
  }

  @Test
  void stormsOfResetsLeaveNothingBehind() throws IOException {
    try (TwoZones zones = zones(unlimited())) {
      assertServed(zones.door());
      int before = Descriptors.open();
      for (int i = 0; i < MANY; i++) {
        RawClient client = RawClient.dial(zones.door());
        switch (i % 4) {
          case 0 -> client.send(start(HELLO.length / 2));
          case 1 -> client.send(HELLO);
          case 2 -> assertThat(client.send(HELLO).read(HELLO.length)).isEqualTo(HELLO);
          default -> client.send(HELLO).send(new byte[64 * 1024]);
        }
        client.reset();
      }
      assertServed(zones.door());
      await().until(() -> zones.openConnections() == 0);
      Descriptors.awaitAtMost(before);
      assertThat(zones.egress.stats().closed(CloseReason.INTERNAL).sum()).isZero();
      assertThat(zones.ingress.stats().closed(CloseReason.INTERNAL).sum()).isZero();
      assertThat(zones.egress.stats().active.sum()).isZero();
      assertThat(zones.egress.stats().destroyed.sum()).isEqualTo(MANY + 2);
    }
  }

  @Test
  void aResetOfTheServiceArrivesAsResetAndStaysWithItsConnection() throws IOException {
    try (TestUpstream resetting =
            new TestUpstream(
                socket -> {
                  socket.getOutputStream().write(socket.getInputStream().readNBytes(100));
                  socket.setSoLinger(true, 0);
                });
        TwoZones zones =
            TwoZones.in(folder)
                .with(echo(), Instance.of("resetting", resetting.address().port()))
                .start()) {
      for (int i = 0; i < SOME; i++) {
        try (RawClient client = RawClient.dial(zones.door(), TwoZones.tagged("resetting"))) {
          assertThat(client.isReset()).isTrue();
        }
        assertThat(zones.ingress.nextClosed().reason()).isEqualTo(CloseReason.UPSTREAM_RESET);
        assertThat(zones.egress.nextClosed().reason()).isEqualTo(CloseReason.UPSTREAM_RESET);
      }
      assertServed(zones.door());
    }
  }

  @Test
  void finAndThenSilenceEndsAfterTheHalfCloseTimeout() throws IOException {
    try (TestUpstream silent = new TestUpstream(this::staySilent);
        TwoZones zones = silentZones(silent, Duration.ofMillis(300));
        RawClient client = RawClient.dial(zones.door(), TwoZones.tagged("silent"))) {
      client.socket.shutdownOutput();
      assertThat(client.readToTheEnd()).isEmpty();
      await().until(() -> zones.openConnections() == 0);
      assertThat(
              zones.egress.stats().closed(CloseReason.HALF_CLOSED_TIMEOUT).sum()
                  + zones.ingress.stats().closed(CloseReason.HALF_CLOSED_TIMEOUT).sum())
          .isPositive();
    }
  }

  @Test
  void aResetAfterFinMakesNoLoopSpin() throws IOException {
    try (TestUpstream silent = new TestUpstream(this::staySilent);
        TwoZones zones = silentZones(silent, Duration.ofSeconds(2))) {
      for (int i = 0; i < SOME; i++) {
        RawClient client = RawClient.dial(zones.door(), TwoZones.tagged("silent"));
        client.socket.shutdownOutput();
        clients.add(client);
      }
      await().until(() -> silent.connections.get() == SOME);
      long before = processorNanosOfLoops();
      for (RawClient client : clients) {
        client.reset();
      }
      await().until(() -> zones.openConnections() == 0);
      // A loop that spins takes all of the two seconds.
      assertThat(processorNanosOfLoops() - before).isLessThan(TimeUnit.SECONDS.toNanos(1));
    }
  }

  private static long processorNanosOfLoops() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long nanos = 0;
    for (ThreadInfo info : threads.getThreadInfo(threads.getAllThreadIds())) {
      if (info != null && info.getThreadName().startsWith("zoneproxy")) {
        nanos += threads.getThreadCpuTime(info.getThreadId());
      }
    }
    return nanos;
  }

  private TwoZones silentZones(TestUpstream silent, Duration halfCloseTimeout) {
    RelayConfig base = RelayConfig.DEFAULT;
    return TwoZones.in(folder)
        .with(Instance.of("silent", silent.address().port()))
        .config(
            withRelay(
                new RelayConfig(
                    base.connectTimeout(),
                    base.idleTimeout(),
                    halfCloseTimeout,
                    base.maxConnectionTime(),
                    base.maxConnectAttempts())))
        .start();
  }

  @Test
  void connectionsOverTheLimitAreResetAtOnceAndTheOthersGoOn() throws IOException {
    try (TwoZones zones = zones(withLimits(ConnectionLimits.of(SOME)))) {
      for (int i = 0; i < SOME; i++) {
        clients.add(RawClient.dial(zones.door(), ECHO));
      }
      for (RawClient client : clients) {
        assertThat(client.read(HELLO.length)).isEqualTo(HELLO);
      }
      for (int i = 0; i < MANY; i++) {
        assertThat(isReset(zones.door())).isTrue();
      }
      assertThat(zones.egress.stats().overflow.sum()).isEqualTo(MANY);
      for (RawClient client : clients) {
        client.send(HELLO);
        assertThat(client.read(HELLO.length)).isEqualTo(HELLO);
        client.close();
      }
      await().until(() -> zones.openConnections() == 0);
      assertServed(zones.door());
    }
  }

  @Test
  void aStormAgainstAServiceThatRefusesLeavesNothingBehind() throws IOException {
    int refusing = TestUpstream.refusing().port();
    try (TwoZones zones =
        TwoZones.in(folder).with(echo(), Instance.of("refusing", refusing)).start()) {
      assertServed(zones.door());
      int before = Descriptors.open();
      for (int i = 0; i < MANY; i++) {
        try (RawClient client = RawClient.dial(zones.door(), TwoZones.tagged("refusing"))) {
          assertThat(client.readToTheEnd()).isEmpty();
        }
      }
      await().until(() -> zones.openConnections() == 0);
      Descriptors.awaitAtMost(before);
      assertThat(zones.ingress.stats().closed(CloseReason.CONNECT_FAILED).sum()).isEqualTo(MANY);
      assertServed(zones.door());
    }
  }

  private static boolean isReset(InetSocketAddress door) throws IOException {
    try (RawClient client = RawClient.dial(door)) {
      return client.isReset();
    } catch (SocketException e) {
      return true; // before connect has returned
    }
  }

  /** Takes all, says nothing, and holds its end open until the test is over. */
  private void staySilent(Socket socket) throws IOException {
    socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private TwoZones zones(ProxyConfig config) {
    return TwoZones.in(folder).with(echo()).config(config).start();
  }

  private Instance echo() {
    return Instance.of("echo", service.port());
  }

  private static byte[] start(int bytes) {
    return Arrays.copyOf(HELLO, bytes);
  }

  private static void assertServed(InetSocketAddress door) throws IOException {
    try (RawClient client = RawClient.dial(door, ECHO)) {
      client.socket.shutdownOutput();
      assertThat(client.readToTheEnd()).isEqualTo(HELLO);
    }
  }

  private static ProxyConfig unlimited() {
    return ProxyConfig.withMaxConnections(Integer.MAX_VALUE);
  }

  private static ProxyConfig withHelloTimeout(Duration timeout) {
    ProxyConfig base = unlimited();
    HelloLimits hello =
        new HelloLimits(timeout, base.hello().maxHandshakeBytes(), base.hello().maxBytes());
    return new ProxyConfig(hello, base.relay(), base.limits(), base.drain(), base.removal());
  }

  private static ProxyConfig withRelay(RelayConfig relay) {
    ProxyConfig base = unlimited();
    return new ProxyConfig(base.hello(), relay, base.limits(), base.drain(), base.removal());
  }

  private static ProxyConfig withLimits(ConnectionLimits limits) {
    ProxyConfig base = unlimited();
    return new ProxyConfig(base.hello(), base.relay(), limits, base.drain(), base.removal());
  }
}
