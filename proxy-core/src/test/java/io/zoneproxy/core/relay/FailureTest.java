package io.zoneproxy.core.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.zoneproxy.core.config.ProxyConfig;
import io.zoneproxy.core.observe.CloseReason;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What goes wrong on real sockets, for each relay there is: mistakes, resets, stopped peers. */
@ParameterizedClass
@EnumSource(RelayKind.class)
final class FailureTest {
  private static final int LATE_ANSWER = 1_000_000; // more than one write takes

  private final RelayKind relay;

  FailureTest(RelayKind relay) {
    this.relay = relay;
  }

  private static ProxyConfig config() {
    return ProxyConfig.withMaxConnections(1000);
  }

  /** Fails on purpose for some names; is a line with the name otherwise. */
  private static final class Broken implements Peek {
    private final LinePeek line = new LinePeek();

    @Override
    public Outcome advance(ByteBuf bytes) {
      Outcome outcome = line.advance(bytes);
      if (outcome == Outcome.COMPLETE) {
        switch (line.serverName()) {
          case "mistake" -> throw new IllegalStateException("on purpose");
          case "error" -> throw new AssertionError("on purpose");
          case "memory" -> throw new OutOfMemoryError("on purpose");
          default -> {}
        }
      }
      return outcome;
    }

    @Override
    public String serverName() {
      return line.serverName();
    }

    @Override
    public int helloBytes() {
      return line.helloBytes();
    }
  }

  @Test
  void endsAConnectionInWhichItMadeAMistakeAndNoOther() throws Exception {
    try (TestUpstream upstream = new TestUpstream(TestUpstream.ECHO);
        TestProxy proxy = new TestProxy(relay.make(), Broken::new, config(), 1)) {
      proxy.route(Map.of("a", List.of(upstream.address())));
      try (Socket other = proxy.dial("a")) {
        assertThat(other.getInputStream().readNBytes(2)).hasSize(2);
        long began = System.nanoTime();
        for (int i = 0; i < 20; i++) {
          endsWith(proxy, i % 2 == 0 ? "mistake" : "error", CloseReason.INTERNAL);
          other.getOutputStream().write(i);
          assertThat(other.getInputStream().read()).isEqualTo(i);
        }
        // An exception that reaches the event loop makes it sleep for a second.
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
      }
      await().until(() -> proxy.runtime.openConnections() == 0);
    }
  }

  @Test
  void endsAConnectionForWhichThereWasNoMemoryAndNoOther() throws Exception {
    try (TestUpstream upstream = new TestUpstream(TestUpstream.ECHO);
        TestProxy proxy = new TestProxy(relay.make(), Broken::new, config(), 1)) {
      proxy.route(Map.of("a", List.of(upstream.address())));
      try (Socket other = proxy.dial("a")) {
        assertThat(other.getInputStream().readNBytes(2)).hasSize(2);
        endsWith(proxy, "memory", CloseReason.NO_MEMORY);
        other.getOutputStream().write(1);
        assertThat(other.getInputStream().read()).isEqualTo(1);
      }
    }
  }

  private static void endsWith(TestProxy proxy, String name, CloseReason reason)
      throws IOException {
    try (Socket client = proxy.dial(name)) {
      assertThat(readToEnd(client)).isZero();
    }
    assertThat(proxy.nextClosed().reason()).isEqualTo(reason);
  }

  /** Reads until EOF or a reset; how many bytes there were. */
  private static long readToEnd(Socket socket) {
    byte[] block = new byte[64 * 1024];
    long read = 0;
    try {
      InputStream in = socket.getInputStream();
      for (int n = in.read(block); n >= 0; n = in.read(block)) {
        read += n;
      }
    } catch (IOException reset) {
      return read;
    }
    return read;
  }

  private static void flood(Socket to) throws IOException {
    byte[] block = new byte[64 * 1024];
    OutputStream out = to.getOutputStream();
    while (!to.isClosed()) {
      out.write(block);
    }
  }

  @Test
  void leavesNothingBehindWhenADownstreamResetsInTheMiddleOfBulk() throws Exception {
    Descriptors before = Descriptors.note();
    TestUpstream.Behaviour floods =
        socket -> {
          TestUpstream.readLine(socket);
          flood(socket);
        };
    try (TestUpstream upstream = new TestUpstream(floods);
        TestProxy proxy = new TestProxy(relay, config(), 1)) {
      proxy.route(Map.of("a", List.of(upstream.address())));
      for (int i = 0; i < 100; i++) {
        try (Socket client = proxy.dial("a")) {
          client.getInputStream().skipNBytes(1_000_000);
          client.setSoLinger(true, 0);
        }
        assertThat(proxy.nextClosed().reason()).isEqualTo(CloseReason.DOWNSTREAM_RESET);
      }
      await().until(() -> upstream.failures.size() == 100);
    }
    before.awaitBack();
  }

  @Test
  void leavesNothingBehindWhenAnUpstreamResetsInTheMiddleOfBulk() throws Exception {
    Descriptors before = Descriptors.note();
    TestUpstream.Behaviour resets =
        socket -> {
          socket.getInputStream().skipNBytes(1_000_000);
          socket.setSoLinger(true, 0);
        };
    try (TestUpstream upstream = new TestUpstream(resets);
        TestProxy proxy = new TestProxy(relay, config(), 1)) {
      proxy.route(Map.of("a", List.of(upstream.address())));
      for (int i = 0; i < 100; i++) {
        try (Socket client = proxy.dial("a")) {
          flood(client);
        } catch (IOException expected) {
          assertThat(expected).isNotNull();
        }
        assertThat(proxy.nextClosed().reason()).isEqualTo(CloseReason.UPSTREAM_RESET);
      }
    }
    before.awaitBack();
  }

  @Test
  void mixesNoBytesOfAConnectionThatWasCutIntoAnother() throws Exception {
    // Every connection has a byte of its own, and is cut while much is on its way.
    TestUpstream.Behaviour repeats =
        socket -> {
          int own = socket.getInputStream().read();
          byte[] block = new byte[64 * 1024];
          Arrays.fill(block, (byte) own);
          OutputStream out = socket.getOutputStream();
          while (!socket.isClosed()) {
            out.write(block);
          }
        };
    try (TestUpstream upstream = new TestUpstream(repeats);
        TestProxy proxy = new TestProxy(relay, config(), 1)) {
      Map<String, List<io.zoneproxy.core.model.HostPort>> routes = new java.util.HashMap<>();
      for (char c = 'a'; c <= 'z'; c++) {
        routes.put(String.valueOf(c), List.of(upstream.address()));
      }
      proxy.route(routes);
      for (int i = 0; i < 104; i++) {
        char own = (char) ('a' + i % 26);
        try (Socket client = proxy.dial(String.valueOf(own))) {
          byte[] got = client.getInputStream().readNBytes(500_000);
          for (byte b : got) {
            if (b != own) {
              assertThat((char) b).isEqualTo(own);
            }
          }
          client.setSoLinger(true, i % 2);
        }
      }
    }
  }

  /** More than the kernel's buffers may hold in all: 4 of up to 32 MiB each. */
  private static final int BLOCKS = 200;

  @Test
  void keepsAStoppedPeersBytesWithoutSpinningAndLosesNoneOfThem() throws Exception {
    byte[] block = new byte[1_000_003]; // a prime: no buffer's bounds are always at the same place
    new Random(11).nextBytes(block);
    AtomicInteger written = new AtomicInteger();
    TestUpstream.Behaviour sends =
        socket -> {
          TestUpstream.readLine(socket);
          for (int i = 0; i < BLOCKS; i++) {
            socket.getOutputStream().write(block);
            written.incrementAndGet();
          }
        };
    try (TestUpstream upstream = new TestUpstream(sends);
        TestProxy proxy = new TestProxy(relay, config(), 1)) {
      proxy.route(Map.of("a", List.of(upstream.address())));
      try (Socket client = proxy.dial("a")) {
        InputStream in = client.getInputStream();
        readsBlocks(in, block, 8); // bulk: it splices by now
        long before = loopCpu();
        Duration stopped = Duration.ofMillis(1500);
        await().pollDelay(stopped).until(() -> written.get() > 8);
        assertThat(written.get()).isLessThan(BLOCKS);
        // Filling the kernel's buffers costs some; spinning would cost the whole time.
        assertThat(Duration.ofNanos(loopCpu() - before)).isLessThan(stopped.dividedBy(2));
        readsBlocks(in, block, BLOCKS - 8);
        assertThat(in.read()).isEqualTo(-1);
      }
      assertThat(proxy.nextClosed().reason()).isEqualTo(CloseReason.DONE);
    }
  }

  private static void readsBlocks(InputStream in, byte[] block, int times) throws IOException {
    byte[] got = new byte[block.length];
    for (int i = 0; i < times; i++) {
      assertThat(in.readNBytes(got, 0, got.length)).isEqualTo(got.length);
      assertThat(Arrays.equals(got, block)).isTrue();
    }
  }

  /** CPU time of the proxy's event loops so far, in nanoseconds. */
  private static long loopCpu() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().matches("test-\\d+-\\d+"))
        .mapToLong(thread -> Math.max(0, threads.getThreadCpuTime(thread.getId())))
        .sum();
  }

  /** Its constructor is called before a connection has any state. */
  private static Peek failing(AtomicReference<Error> next) {
    Error error = next.getAndSet(null);
    if (error != null) {
      throw error;
    }
    return new LinePeek();
  }

  @Test
  void losesOnlyTheConnectionThatItFailsToSetUp() throws Exception {
    AtomicReference<Error> next = new AtomicReference<>();
    Descriptors before = Descriptors.note();
    try (TestUpstream upstream = new TestUpstream(TestUpstream.ECHO);
        TestProxy proxy = new TestProxy(relay.make(), () -> failing(next), config(), 1)) {
      proxy.route(Map.of("a", List.of(upstream.address())));
      try (Socket other = proxy.dial("a")) {
        assertThat(other.getInputStream().readNBytes(2)).hasSize(2);
        long began = System.nanoTime();
        for (int i = 0; i < 10; i++) {
          boolean memory = i % 2 == 0;
          next.set(memory ? new OutOfMemoryError("on purpose") : new AssertionError("on purpose"));
          try (Socket client = proxy.dial()) {
            assertThatThrownBy(() -> client.getInputStream().read()).hasMessageContaining("reset");
          }
          assertThat(proxy.nextClosed().reason())
              .isEqualTo(memory ? CloseReason.NO_MEMORY : CloseReason.INTERNAL);
          other.getOutputStream().write(i);
          assertThat(other.getInputStream().read()).isEqualTo(i);
        }
        assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(5));
        assertThat(proxy.runtime.openConnections()).isEqualTo(1);
      }
    }
    before.awaitBack();
  }

  @Test
  void endsAConnectionWhoseClientIsGoneWhenTheServiceStillHasALotToSay() throws Exception {
    TestUpstream.Behaviour speaksLate =
        socket -> {
          TestUpstream.readLine(socket);
          socket.getInputStream().transferTo(OutputStream.nullOutputStream());
          socket.getOutputStream().write(new byte[LATE_ANSWER]);
        };
    try (TestUpstream upstream = new TestUpstream(speaksLate);
        TestProxy proxy = new TestProxy(relay, config(), 1)) {
      proxy.route(Map.of("a", List.of(upstream.address())));
      for (int i = 0; i < 20; i++) {
        proxy.dial("a").close();
      }
      for (int i = 0; i < 20; i++) {
        assertThat(proxy.nextClosed().reason()).isEqualTo(CloseReason.DONE);
      }
      await().until(() -> proxy.runtime.openConnections() == 0);
    }
  }
}
