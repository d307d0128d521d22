package io.zoneproxy.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zoneproxy.core.config.ConnectionLimits;
import io.zoneproxy.core.config.DrainConfig;
import io.zoneproxy.core.config.HelloLimits;
import io.zoneproxy.core.config.ProxyConfig;
import io.zoneproxy.core.config.RelayConfig;
import io.zoneproxy.core.config.RemovalPolicy;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.observe.ProxyView.State;
import io.zoneproxy.core.relay.TestProxy;
import io.zoneproxy.core.relay.TestUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Drains on real sockets; the rules in detail are those of {@link DrainTest}. */
final class RuntimeDrainTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private static ProxyConfig config(Duration time, Duration acceptIdle) {
    return new ProxyConfig(
        HelloLimits.DEFAULT,
        RelayConfig.DEFAULT,
        ConnectionLimits.of(1000),
        new DrainConfig(time, acceptIdle),
        RemovalPolicy.DRAIN);
  }

  private static void echo(Socket client, char c) throws IOException {
    client.getOutputStream().write(c);
    assertThat(client.getInputStream().read()).isEqualTo(c);
  }

  private static Socket greet(TestProxy proxy) throws IOException {
    Socket client = proxy.dial("a");
    assertThat(client.getInputStream().readNBytes(2)).isEqualTo(new byte[] {'a', '\n'});
    return client;
  }

  private static boolean refuses(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return !socket.isConnected();
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void acceptsForAWhileThenRefusesLetsTheLiveOneGoOnAndCutsItInTheEnd() throws Exception {
    try (TestUpstream upstream = new TestUpstream(TestUpstream.ECHO);
        TestProxy proxy = new TestProxy(config(Duration.ofSeconds(8), Duration.ofSeconds(2)), 2)) {
      proxy.route(Map.of("a", List.of(upstream.address())));
      int port = proxy.port();
      try (Socket live = greet(proxy)) {
        CompletableFuture<Integer> drain = proxy.runtime.drain();
        assertThat(proxy.runtime.state()).isEqualTo(State.DRAINING);
        Socket late = greet(proxy);
        echo(late, 'x');
        late.close();
        // Not by dialing: each dial would be one more new connection.
        await().until(() -> proxy.runtime.listeners().isEmpty());
        assertThat(refuses(port)).isTrue();
        assertThat(drain).isNotDone();
        echo(live, 'y');
        assertThatThrownBy(() -> live.getInputStream().read())
            .isInstanceOf(SocketException.class)
            .hasMessageContaining("reset");
        assertThat(drain.get(20, TimeUnit.SECONDS)).isEqualTo(1);
      }
      await()
          .untilAsserted(
              () ->
                  assertThat(proxy.closed)
                      .anyMatch(closed -> closed.reason() == CloseReason.DRAINED));
      assertThat(proxy.runtime.openConnections()).isZero();
    }
  }

  @Test
  void endsAsSoonAsTheLastConnectionHasLeft() throws Exception {
    try (TestUpstream upstream = new TestUpstream(TestUpstream.ECHO);
        TestProxy proxy = new TestProxy(config(HOUR, Duration.ZERO), 2)) {
      proxy.route(Map.of("a", List.of(upstream.address())));
      CompletableFuture<Integer> drain;
      try (Socket live = greet(proxy)) {
        drain = proxy.runtime.drain();
        await().until(() -> proxy.runtime.listeners().isEmpty());
        echo(live, 'x');
        assertThat(drain).isNotDone();
      }
      assertThat(drain.get(20, TimeUnit.SECONDS)).isZero();
    }
  }

  @Test
  void endsAtOnceWhenSomebodyWantsItSo() throws Exception {
    try (TestUpstream upstream = new TestUpstream(TestUpstream.ECHO);
        TestProxy proxy = new TestProxy(config(HOUR, HOUR), 2)) {
      proxy.route(Map.of("a", List.of(upstream.address())));
      int port = proxy.port();
      try (Socket live = greet(proxy)) {
        CompletableFuture<Integer> drain = proxy.runtime.drain();
        echo(live, 'x');
        drain.complete(1);
        assertThat(proxy.nextClosed().reason()).isEqualTo(CloseReason.DRAINED);
        await().until(() -> refuses(port));
      }
    }
  }

  @Test
  void isOverAtOnceWithoutAnyConfiguration() throws Exception {
    try (TestProxy proxy = new TestProxy(config(HOUR, HOUR), 1)) {
      assertThat(proxy.runtime.state()).isEqualTo(State.INITIALIZING);
      assertThat(proxy.runtime.drain().get(20, TimeUnit.SECONDS)).isZero();
      assertThat(proxy.runtime.state()).isEqualTo(State.DRAINING);
    }
  }

  @Test
  void neitherAnUpdateNorAHealthCheckEndsADrain() throws Exception {
    try (TestUpstream upstream = new TestUpstream(TestUpstream.ECHO);
        TestProxy proxy = new TestProxy(config(HOUR, HOUR), 1)) {
      proxy.route(Map.of("a", List.of(upstream.address())));
      proxy.runtime.drain();
      proxy.route(Map.of("a", List.of(upstream.address()), "b", List.of()));
      proxy.runtime.failReadiness(false);
      assertThat(proxy.runtime.state()).isEqualTo(State.DRAINING);
    }
  }

  @Test
  void failsReadinessAndTakesItBackWithoutADrain() throws Exception {
    try (TestProxy proxy = new TestProxy(config(HOUR, HOUR), 1)) {
      proxy.runtime.failReadiness(false);
      assertThat(proxy.runtime.state()).isEqualTo(State.INITIALIZING);
      proxy.route(Map.of());
      assertThat(proxy.runtime.state()).isEqualTo(State.LIVE);
      proxy.runtime.failReadiness(true);
      assertThat(proxy.runtime.state()).isEqualTo(State.DRAINING);
      assertThat(proxy.runtime.listeners()).hasSize(1);
      proxy.runtime.failReadiness(false);
      assertThat(proxy.runtime.state()).isEqualTo(State.LIVE);
    }
  }
}
