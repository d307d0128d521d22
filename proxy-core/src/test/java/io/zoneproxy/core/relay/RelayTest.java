package io.zoneproxy.core.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zoneproxy.core.config.ConnectionLimits;
import io.zoneproxy.core.config.HelloLimits;
import io.zoneproxy.core.config.ProxyConfig;
import io.zoneproxy.core.config.RelayConfig;
import io.zoneproxy.core.config.RemovalPolicy;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.observe.ConnectionRecord;
import io.zoneproxy.core.observe.Origin;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What every relay does, on real sockets; run for each relay there is. */
@ParameterizedClass
@EnumSource(RelayKind.class)
final class RelayTest {
  private final RelayKind relay;

  RelayTest(RelayKind relay) {
    this.relay = relay;
  }

  private static final Duration NEVER = Duration.ZERO;

  private static ProxyConfig config() {
    return ProxyConfig.withMaxConnections(1000);
  }

  private static ProxyConfig with(RelayConfig times) {
    return new ProxyConfig(
        HelloLimits.DEFAULT, times, config().limits(), config().drain(), RemovalPolicy.CUT);
  }

  private static RelayConfig times(Duration connect, Duration idle, Duration half, Duration age) {
    return new RelayConfig(connect, idle, half, age, 3);
  }

  @Test
  void relaysBothWaysAndEndsWhenBothSidesHaveSentFin() throws Exception {
    try (TestUpstream upstream = new TestUpstream(TestUpstream.ECHO);
        TestProxy proxy = new TestProxy(relay, config(), 2)) {
      proxy.route(Map.of("a", List.of(upstream.address())));
      try (Socket client = proxy.dial("a")) {
        client.getOutputStream().write("hello".getBytes(UTF_8));
        client.shutdownOutput();
        assertThat(client.getInputStream().readAllBytes()).asString(UTF_8).isEqualTo("a\nhello");
      }
      ConnectionRecord closed = proxy.nextClosed();
      assertThat(closed.reason()).isEqualTo(CloseReason.DONE);
      assertThat(closed.bytesUp()).isEqualTo(7);
      assertThat(closed.bytesDown()).isEqualTo(7);
      assertThat(closed.serverName()).isEqualTo("a");
      assertThat(closed.upstream())
          .isEqualTo(
              new InetSocketAddress(
                  java.net.InetAddress.getLoopbackAddress(), upstream.address().port()));
      assertThat(proxy.runtime.openConnections()).isZero();
    }
  }

  @Test
  void losesNoByteOfALargeTransferEitherWay() throws Exception {
    byte[] sent = new byte[32 * 1024 * 1024];
    new Random(7).nextBytes(sent);
    try (TestUpstream upstream = new TestUpstream(TestUpstream.ECHO);
        TestProxy proxy = new TestProxy(relay, config(), 1)) {
      proxy.route(Map.of("a", List.of(upstream.address())));
      try (Socket client = proxy.dial("a")) {
        Thread writer = new Thread(() -> write(client, sent));
        writer.start();
        byte[] echoed = client.getInputStream().readAllBytes();
        writer.join();
        assertThat(Arrays.equals(Arrays.copyOfRange(echoed, 2, echoed.length), sent)).isTrue();
      }
    }
  }

  private static void write(Socket to, byte[] bytes) {
    try {
      to.getOutputStream().write(bytes);
      to.shutdownOutput();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void deliversTheTailWhenTheUpstreamClosesRightAfterSending() throws Exception {
    byte[] answer = new byte[300_000];
    new Random(3).nextBytes(answer);
    TestUpstream.Behaviour closing =
        socket -> {
          TestUpstream.readLine(socket);
          socket.getOutputStream().write(answer);
        };
    try (TestUpstream upstream = new TestUpstream(closing);
        TestProxy proxy = new TestProxy(relay, config(), 1)) {
      proxy.route(Map.of("a", List.of(upstream.address())));
      for (int i = 0; i < 50; i++) {
        try (Socket client = proxy.dial("a")) {
          assertThat(client.getInputStream().readAllBytes()).isEqualTo(answer);
        }
      }
    }
  }

  @Test
  void goesOnDownwardAfterTheDownstreamHasSentFin() throws Exception {
    TestUpstream.Behaviour answerAfterEof =
        socket -> {
          long got = socket.getInputStream().readAllBytes().length;
          socket.getOutputStream().write(("got " + got).getBytes(UTF_8));
        };
    try (TestUpstream upstream = new TestUpstream(answerAfterEof);
        TestProxy proxy = new TestProxy(relay, config(), 1)) {
      proxy.route(Map.of("a", List.of(upstream.address())));
      try (Socket client = proxy.dial("a")) {
        client.getOutputStream().write("12345".getBytes(UTF_8));
        client.shutdownOutput();
        assertThat(client.getInputStream().readAllBytes()).asString(UTF_8).isEqualTo("got 7");
      }
      assertThat(proxy.nextClosed().reason()).isEqualTo(CloseReason.DONE);
    }
  }

  @Test
  void goesOnUpwardAfterTheUpstreamHasSentFin() throws Exception {
    ByteArrayOutputStream got = new ByteArrayOutputStream();
    TestUpstream.Behaviour finFirst =
        socket -> {
          TestUpstream.readLine(socket);
          socket.getOutputStream().write('x');
          socket.shutdownOutput();
          socket.getInputStream().transferTo(got);
        };
    try (TestUpstream upstream = new TestUpstream(finFirst);
        TestProxy proxy = new TestProxy(relay, config(), 1)) {
      proxy.route(Map.of("a", List.of(upstream.address())));
      try (Socket client = proxy.dial("a")) {
        assertThat(client.getInputStream().readAllBytes()).asString(UTF_8).isEqualTo("x");
        client.getOutputStream().write("late".getBytes(UTF_8));
        client.shutdownOutput();
        assertThat(proxy.nextClosed().reason()).isEqualTo(CloseReason.DONE);
      }
      await().untilAsserted(() -> assertThat(got.toString(UTF_8)).isEqualTo("late"));
    }
  }

  @Test
  void passesAResetOfTheUpstreamOnAsAReset() throws Exception {
    TestUpstream.Behaviour reset =
        socket -> {
          TestUpstream.readLine(socket);
          socket.getOutputStream().write('x');
          TestUpstream.readLine(socket);
          socket.setSoLinger(true, 0);
        };
    try (TestUpstream upstream = new TestUpstream(reset);
        TestProxy proxy = new TestProxy(relay, config(), 1)) {
      proxy.route(Map.of("a", List.of(upstream.address())));
      try (Socket client = proxy.dial("a")) {
        assertThat(client.getInputStream().read()).isEqualTo('x');
        client.getOutputStream().write('\n');
        assertThatThrownBy(() -> client.getInputStream().read())
            .isInstanceOf(SocketException.class)
            .hasMessageContaining("reset");
      }
      ConnectionRecord closed = proxy.nextClosed();
      assertThat(closed.reason()).isEqualTo(CloseReason.UPSTREAM_RESET);
      assertThat(closed.reason().origin()).isEqualTo(Origin.UPSTREAM);
    }
  }

  @Test
  void passesAResetOfTheDownstreamOnAsAReset() throws Exception {
    try (TestUpstream upstream = new TestUpstream(TestUpstream.ECHO);
        TestProxy proxy = new TestProxy(relay, config(), 1)) {
      proxy.route(Map.of("a", List.of(upstream.address())));
      Socket client = proxy.dial("a");
      assertThat(client.getInputStream().read()).isEqualTo('a');
      client.setSoLinger(true, 0);
      client.close();
      assertThat(proxy.nextClosed().reason()).isEqualTo(CloseReason.DOWNSTREAM_RESET);
      await().until(() -> !upstream.failures.isEmpty());
      assertThat(upstream.failures.get(0)).hasMessageContaining("reset");
    }
  }

  @Test
  void isDoneWhenTheDownstreamResetsAfterItHadAllAndTheFin() throws Exception {
    TestUpstream.Behaviour finFirst =
        socket -> {
          TestUpstream.readLine(socket);
          socket.getOutputStream().write('x');
          socket.shutdownOutput();
          socket.getInputStream().readAllBytes();
        };
    try (TestUpstream upstream = new TestUpstream(finFirst);
        TestProxy proxy = new TestProxy(relay, config(), 1)) {
      proxy.route(Map.of("a", List.of(upstream.address())));
      try (Socket client = proxy.dial("a")) {
        assertThat(client.getInputStream().readAllBytes()).asString(UTF_8).isEqualTo("x");
        client.setSoLinger(true, 0);
      }
      assertThat(proxy.nextClosed().reason()).isEqualTo(CloseReason.DONE);
      await().until(() -> !upstream.failures.isEmpty());
      assertThat(upstream.failures.get(0)).hasMessageContaining("reset");
    }
  }

  @Test
  void holdsBackASenderWhoseReaderDoesNotRead() throws Exception {
    long[] written = new long[1];
    TestUpstream.Behaviour flood =
        socket -> {
          TestUpstream.readLine(socket);
          byte[] block = new byte[64 * 1024];
          for (int i = 0; i < 4096; i++) {
            socket.getOutputStream().write(block);
            written[0] += block.length;
          }
        };
    try (TestUpstream upstream = new TestUpstream(flood);
        TestProxy proxy = new TestProxy(relay, config(), 1)) {
      proxy.route(Map.of("a", List.of(upstream.address())));
      try (Socket client = proxy.dial("a")) {
        // Kernel buffers fill, then nothing moves: far less than the 256 MiB offered.
        await()
            .during(Duration.ofMillis(500))
            .atMost(Duration.ofSeconds(20))
            .until(() -> written[0], still());
        assertThat(written[0]).isLessThan(64L << 20);
        assertThat(client.getInputStream().readAllBytes()).hasSize(256 << 20);
      }
    }
  }

  /** Holds as long as the value does not change. */
  private static java.util.function.Predicate<Long> still() {
    long[] last = {-1};
    return value -> {
      boolean same = value == last[0];
      last[0] = value;
      return same;
    };
  }

  @Test
  void triesAnotherEndpointWhenOneRefuses() throws Exception {
    try (TestUpstream upstream = new TestUpstream(TestUpstream.ECHO);
        TestProxy proxy = new TestProxy(relay, config(), 1)) {
      proxy.route(Map.of("a", List.of(TestUpstream.refusing(), upstream.address())));
      for (int i = 0; i < 10; i++) {
        try (Socket client = proxy.dial("a")) {
          client.shutdownOutput();
          assertThat(client.getInputStream().readAllBytes()).asString(UTF_8).isEqualTo("a\n");
        }
      }
      assertThat(proxy.nextClosed().reason()).isEqualTo(CloseReason.DONE);
    }
  }

  @Test
  void sendsTheHelloToAnotherEndpointWhenOneClosesBeforeItsFirstByte() throws Exception {
    TestUpstream.Behaviour acceptAndClose = TestUpstream::readLine;
    try (TestUpstream gone = new TestUpstream(acceptAndClose);
        TestUpstream resets = new TestUpstream(socket -> socket.setSoLinger(true, 0));
        TestUpstream upstream = new TestUpstream(TestUpstream.ECHO);
        TestProxy proxy = new TestProxy(relay, config(), 1)) {
      proxy.route(Map.of("a", List.of(gone.address(), resets.address(), upstream.address())));
      for (int i = 0; i < 30; i++) {
        try (Socket client = proxy.dial("a")) {
          assertThat(client.getInputStream().read()).isEqualTo('a');
          assertThat(client.getInputStream().read()).isEqualTo('\n');
          client.getOutputStream().write('y');
          assertThat(client.getInputStream().read()).isEqualTo('y');
        }
        ConnectionRecord closed = proxy.nextClosed();
        assertThat(closed.bytesUp()).isEqualTo(3);
        assertThat(closed.bytesDown()).isEqualTo(3);
      }
      assertThat(gone.connections.get() + resets.connections.get()).isPositive();
    }
  }

  @Test
  void doesNotSendMoreThanTheHelloTwice() throws Exception {
    TestUpstream.Behaviour readThenClose =
        socket -> {
          TestUpstream.readLine(socket);
          TestUpstream.readLine(socket);
        };
    try (TestUpstream first = new TestUpstream(readThenClose);
        TestUpstream second = new TestUpstream(readThenClose);
        TestProxy proxy = new TestProxy(relay, config(), 1)) {
      proxy.route(Map.of("a", List.of(first.address(), second.address())));
      try (Socket client = proxy.dial("a\nearly")) {
        client.getOutputStream().write("more\n".getBytes(UTF_8));
        client.shutdownOutput();
        assertThat(readToEnd(client)).isEmpty();
      }
      assertThat(first.connections.get() + second.connections.get()).isEqualTo(1);
    }
  }

  private static byte[] readToEnd(Socket socket) throws IOException {
    try {
      return socket.getInputStream().readAllBytes();
    } catch (SocketException reset) {
      return new byte[0];
    }
  }

  @Test
  void saysThatNoEndpointAnswered() throws Exception {
    try (TestProxy proxy = new TestProxy(relay, config(), 1)) {
      proxy.route(Map.of("a", List.of(TestUpstream.refusing()), "empty", List.of()));
      assertThat(readToEnd(proxy.dial("a"))).isEmpty();
      ConnectionRecord refused = proxy.nextClosed();
      assertThat(refused.reason()).isEqualTo(CloseReason.CONNECT_FAILED);
      assertThat(refused.connectAttempts()).isEqualTo(1);
      assertThat(refused.detail()).containsIgnoringCase("refused");
      assertThat(readToEnd(proxy.dial("empty"))).isEmpty();
      assertThat(proxy.nextClosed().reason()).isEqualTo(CloseReason.NO_ENDPOINT);
    }
  }

  @Test
  void refusesWithAReasonOfItsOwnForEachOutcomeOfThePeek() throws Exception {
    Map<String, CloseReason> expected = new LinkedHashMap<>();
    expected.put("#", CloseReason.NOT_TLS);
    expected.put("!", CloseReason.MALFORMED_HELLO);
    expected.put("+", CloseReason.HELLO_TOO_LONG);
    expected.put("unknown", CloseReason.NO_ROUTE);
    expected.put("", CloseReason.NO_SNI);
    try (TestProxy proxy = new TestProxy(relay, config(), 1)) {
      proxy.route(Map.of("a", List.of(TestUpstream.refusing())));
      for (Map.Entry<String, CloseReason> entry : expected.entrySet()) {
        try (Socket client = proxy.dial(entry.getKey())) {
          assertThat(readToEnd(client)).isEmpty();
        }
        assertThat(proxy.nextClosed().reason()).isEqualTo(entry.getValue());
      }
    }
  }

  @Test
  void countsAProbeWithoutAByteAndKeepsNoRecordOfIt() throws Exception {
    try (TestProxy proxy = new TestProxy(relay, config(), 1)) {
      proxy.route(Map.of("a", List.of()));
      proxy.dial().close();
      await().until(() -> proxy.runtime.listeners().get(0).stats().silent.sum() == 1);
      try (Socket client = proxy.dial()) {
        client.getOutputStream().write('a');
        client.shutdownOutput();
        assertThat(readToEnd(client)).isEmpty();
      }
      assertThat(proxy.nextClosed().reason()).isEqualTo(CloseReason.HELLO_INCOMPLETE);
      assertThat(proxy.closed).isEmpty();
    }
  }

  @Test
  void endsAPeekAtTheDeadlineHoweverTheBytesTrickle() throws Exception {
    HelloLimits hello = new HelloLimits(Duration.ofMillis(300), 16 * 1024, 96 * 1024);
    ProxyConfig config =
        new ProxyConfig(
            hello, RelayConfig.DEFAULT, config().limits(), config().drain(), RemovalPolicy.CUT);
    try (TestProxy proxy = new TestProxy(relay, config, 1)) {
      proxy.route(Map.of("a", List.of()));
      try (Socket client = proxy.dial()) {
        await()
            .pollInterval(Duration.ofMillis(20))
            .until(
                () -> {
                  trickle(client);
                  return !proxy.closed.isEmpty();
                });
      }
      assertThat(proxy.nextClosed().reason()).isEqualTo(CloseReason.HELLO_TIMEOUT);
    }
  }

  private static void trickle(Socket client) {
    try {
      client.getOutputStream().write('a');
    } catch (IOException e) {
      // It was closed, which is what the test waits for.
    }
  }

  @Test
  void endsASilentConnection() throws Exception {
    RelayConfig times = times(Duration.ofSeconds(1), Duration.ofSeconds(1), NEVER, NEVER);
    try (TestUpstream upstream = new TestUpstream(TestUpstream.ECHO);
        TestProxy proxy = new TestProxy(relay, with(times), 1)) {
      proxy.route(Map.of("a", List.of(upstream.address())));
      try (Socket client = proxy.dial("a")) {
        assertThat(client.getInputStream().readAllBytes()).asString(UTF_8).isEqualTo("a\n");
      }
      assertThat(proxy.nextClosed().reason()).isEqualTo(CloseReason.IDLE);
    }
  }

  @Test
  void endsAHalfClosedConnectionThatStaysSilent() throws Exception {
    TestUpstream.Behaviour mute =
        socket -> {
          TestUpstream.readLine(socket);
          socket.getOutputStream().write('x');
          socket.getInputStream().readAllBytes();
          TestUpstream.readLine(new Socket(socket.getInetAddress(), socket.getLocalPort()));
        };
    RelayConfig times =
        times(Duration.ofSeconds(1), Duration.ofHours(1), Duration.ofMillis(300), NEVER);
    try (TestUpstream upstream = new TestUpstream(mute);
        TestProxy proxy = new TestProxy(relay, with(times), 1)) {
      proxy.route(Map.of("a", List.of(upstream.address())));
      try (Socket client = proxy.dial("a")) {
        client.shutdownOutput();
        assertThat(readToEnd(client)).hasSizeLessThanOrEqualTo(1);
      }
      assertThat(proxy.nextClosed().reason()).isEqualTo(CloseReason.HALF_CLOSED_TIMEOUT);
    }
  }

  @Test
  void endsAConnectionAtItsGreatestAge() throws Exception {
    RelayConfig times = times(Duration.ofSeconds(1), NEVER, NEVER, Duration.ofSeconds(1));
    try (TestUpstream upstream = new TestUpstream(TestUpstream.ECHO);
        TestProxy proxy = new TestProxy(relay, with(times), 1)) {
      proxy.route(Map.of("a", List.of(upstream.address())));
      try (Socket client = proxy.dial("a")) {
        assertThat(client.getInputStream().readAllBytes()).hasSize(2);
      }
      assertThat(proxy.nextClosed().reason()).isEqualTo(CloseReason.MAX_CONNECTION_TIME);
    }
  }

  @Test
  void resetsAConnectionOverTheLimitAndTakesTheNextOneWhenOneHasLeft() throws Exception {
    ProxyConfig config =
        new ProxyConfig(
            HelloLimits.DEFAULT,
            RelayConfig.DEFAULT,
            new ConnectionLimits(2, 2),
            config().drain(),
            RemovalPolicy.CUT);
    try (TestUpstream upstream = new TestUpstream(TestUpstream.ECHO);
        TestProxy proxy = new TestProxy(relay, config, 2)) {
      proxy.route(Map.of("a", List.of(upstream.address())));
      try (Socket one = proxy.dial("a");
          Socket two = proxy.dial("a")) {
        assertThat(one.getInputStream().read()).isEqualTo('a');
        assertThat(two.getInputStream().read()).isEqualTo('a');
        try (Socket three = proxy.dial()) {
          assertThatThrownBy(() -> three.getInputStream().read())
              .isInstanceOf(SocketException.class);
        }
        ConnectionRecord refused = proxy.nextClosed();
        assertThat(refused.reason()).isEqualTo(CloseReason.CONNECTION_LIMIT);
        assertThat(refused.reason().origin()).isEqualTo(Origin.PROXY);
        assertThat(proxy.runtime.listeners().get(0).stats().overflow.sum()).isEqualTo(1);
      }
      await().until(() -> proxy.runtime.openConnections() == 0);
      try (Socket again = proxy.dial("a")) {
        assertThat(again.getInputStream().read()).isEqualTo('a');
      }
    }
  }

  @Test
  void leavesALiveConnectionAloneWhenItsClusterChanges() throws Exception {
    try (TestUpstream before = new TestUpstream(TestUpstream.ECHO);
        TestUpstream after = new TestUpstream(TestUpstream.ECHO);
        TestProxy proxy = new TestProxy(relay, with(RelayConfig.DEFAULT), 1)) {
      proxy.route(Map.of("a", List.of(before.address()), "b", List.of(before.address())));
      try (Socket client = proxy.dial("a")) {
        assertThat(client.getInputStream().read()).isEqualTo('a');
        proxy.route(Map.of("a", List.of(after.address())));
        client.getOutputStream().write('x');
        assertThat(client.getInputStream().readNBytes(2)).asString(UTF_8).isEqualTo("\nx");
        try (Socket fresh = proxy.dial("a")) {
          assertThat(fresh.getInputStream().read()).isEqualTo('a');
        }
      }
      assertThat(before.connections.get()).isEqualTo(1);
      assertThat(after.connections.get()).isEqualTo(1);
    }
  }

  @Test
  void cutsALiveConnectionWhoseChainIsRemovedWhenThePolicySaysSo() throws Exception {
    try (TestUpstream upstream = new TestUpstream(TestUpstream.ECHO);
        TestProxy proxy = new TestProxy(relay, with(RelayConfig.DEFAULT), 1)) {
      proxy.route(Map.of("a", List.of(upstream.address()), "b", List.of(upstream.address())));
      try (Socket removed = proxy.dial("a");
          Socket kept = proxy.dial("b")) {
        assertThat(removed.getInputStream().read()).isEqualTo('a');
        assertThat(kept.getInputStream().read()).isEqualTo('b');
        proxy.route(Map.of("b", List.of(upstream.address())));
        ConnectionRecord closed = proxy.nextClosed();
        assertThat(closed.reason()).isEqualTo(CloseReason.CHAIN_REMOVED);
        assertThat(closed.serverName()).isEqualTo("a");
        kept.getOutputStream().write('x');
        assertThat(kept.getInputStream().readNBytes(2)).asString(UTF_8).isEqualTo("\nx");
      }
    }
  }

  @Test
  void keepsLiveConnectionsWhenEveryChainVanishesAtOnce() throws Exception {
    try (TestUpstream upstream = new TestUpstream(TestUpstream.ECHO);
        TestProxy proxy = new TestProxy(relay, with(RelayConfig.DEFAULT), 1)) {
      proxy.route(Map.of("a", List.of(upstream.address())));
      try (Socket client = proxy.dial("a")) {
        assertThat(client.getInputStream().read()).isEqualTo('a');
        proxy.route(Map.of());
        client.getOutputStream().write('x');
        assertThat(client.getInputStream().readNBytes(2)).asString(UTF_8).isEqualTo("\nx");
      }
    }
  }

  @Test
  void givesBackEveryDescriptor() throws Exception {
    try (TestUpstream upstream = new TestUpstream(TestUpstream.ECHO);
        TestProxy proxy = new TestProxy(relay, config(), 2)) {
      proxy.route(Map.of("a", List.of(TestUpstream.refusing(), upstream.address())));
      proxy.dial("a").close();
      proxy.nextClosed();
      long before = descriptors();
      for (int i = 0; i < 200; i++) {
        try (Socket client = proxy.dial(i % 3 == 0 ? "unknown" : "a")) {
          if (i % 2 == 0) {
            client.setSoLinger(true, 0);
          }
        }
      }
      await().untilAsserted(() -> assertThat(descriptors()).isLessThanOrEqualTo(before + 2));
    }
  }

  private static long descriptors() {
    String[] open = new java.io.File("/proc/self/fd").list();
    return open == null ? 0 : open.length;
  }
}
