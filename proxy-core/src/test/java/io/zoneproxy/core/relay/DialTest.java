package io.zoneproxy.core.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zoneproxy.core.config.HelloLimits;
import io.zoneproxy.core.config.ProxyConfig;
import io.zoneproxy.core.config.RelayConfig;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.Specs;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.observe.ClusterStats;
import io.zoneproxy.core.observe.ConnectionRecord;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Dials that are not answered, or not wanted any more. */
@ParameterizedClass
@EnumSource(RelayKind.class)
final class DialTest {
  private final RelayKind relay;

  DialTest(RelayKind relay) {
    this.relay = relay;
  }

  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Duration LONG = Duration.ofMinutes(10);

  private static ProxyConfig config(Duration connectTimeout, int attempts) {
    ProxyConfig usual = ProxyConfig.withMaxConnections(100);
    RelayConfig relay =
        new RelayConfig(
            connectTimeout, Duration.ofHours(1), Duration.ofHours(1), Duration.ZERO, attempts);
    return new ProxyConfig(
        HelloLimits.DEFAULT, relay, usual.limits(), usual.drain(), usual.removal());
  }

  private static ClusterStats stats(TestProxy proxy) {
    return Objects.requireNonNull(proxy.runtime.clusters().get(0).stats());
  }

  private static void awaitDial(TestProxy proxy) {
    await().until(() -> proxy.runtime.listeners().get(0).stats().sniFound.sum() == 1);
  }

  @Test
  void givesUpAnEndpointThatDoesNotAnswer() throws Exception {
    try (Blackhole silent = new Blackhole();
        TestProxy proxy = new TestProxy(relay, config(SHORT, 3), 1)) {
      proxy.route(Map.of("a", List.of(silent.address())));
      try (Socket client = proxy.dial("a")) {
        ConnectionRecord closed = proxy.nextClosed();
        assertThat(closed.reason()).isEqualTo(CloseReason.CONNECT_TIMEOUT);
        assertThat(closed.connectAttempts()).isEqualTo(1);
        assertThat(closed.upstream()).isNull();
        assertThat(client.isConnected()).isTrue();
      }
      assertThat(stats(proxy).connectTimeout.sum()).isEqualTo(1);
      assertThat(stats(proxy).connectFail.sum()).isEqualTo(1);
      assertThat(proxy.runtime.clusters().get(0).endpoints().get(0).connectFail()).isEqualTo(1);
    }
  }

  @Test
  void triesAnotherEndpointWhenOneDoesNotAnswer() throws Exception {
    try (Blackhole silent = new Blackhole();
        TestUpstream upstream = new TestUpstream(TestUpstream.ECHO);
        TestProxy proxy = new TestProxy(relay, config(SHORT, 3), 1)) {
      proxy.route(Map.of("a", List.of(silent.address(), upstream.address())));
      for (int i = 0; i < 2; i++) {
        try (Socket client = proxy.dial("a")) {
          assertThat(client.getInputStream().read()).isEqualTo('a');
        }
      }
      assertThat(stats(proxy).failover.sum()).isEqualTo(1); // one of the two began with the other
    }
  }

  @Test
  void waitsNoMoreForAnEndpointThatHasNotAnsweredThreeTimes() throws Exception {
    try (Blackhole silent = new Blackhole();
        TestUpstream upstream = new TestUpstream(TestUpstream.ECHO);
        TestProxy proxy = new TestProxy(relay, config(SHORT, 3), 1)) {
      proxy.route(Map.of("a", List.of(silent.address(), upstream.address())));
      for (int i = 0; i < 6; i++) {
        assertServed(proxy);
      }
      // Another loop puts it out.
      await().until(() -> !proxy.runtime.clusters().get(0).endpoints().get(0).healthy());
      for (int i = 0; i < 10; i++) {
        assertServed(proxy);
      }
      assertThat(stats(proxy).connectTimeout.sum()).isEqualTo(3); // else every other one: 8
    }
  }

  private static void assertServed(TestProxy proxy) throws IOException {
    try (Socket client = proxy.dial("a")) {
      assertThat(client.getInputStream().read()).isEqualTo('a');
    }
  }

  @Test
  void takesTheTimeoutOfTheClusterBeforeItsOwn() throws Exception {
    try (Blackhole silent = new Blackhole();
        TestProxy proxy = new TestProxy(relay, config(LONG, 3), 1)) {
      ClusterSpec slow = Specs.cluster("c", List.of(silent.address()));
      proxy.apply(
          Specs.snapshot(
              List.of(Specs.listener("l", Specs.anyPort(), Specs.chain("a", "c"))),
              new ClusterSpec("c", slow.localities(), slow.policy().withConnectTimeout(SHORT))));
      try (Socket client = proxy.dial("a")) {
        assertThat(proxy.nextClosed().reason()).isEqualTo(CloseReason.CONNECT_TIMEOUT);
        assertThat(client.isConnected()).isTrue();
      }
    }
  }

  @Test
  void dialsNoMoreEndpointsThanAllowed() throws Exception {
    List<HostPort> refusing =
        List.of(
            TestUpstream.refusing(),
            TestUpstream.refusing(),
            TestUpstream.refusing(),
            TestUpstream.refusing());
    try (TestProxy proxy = new TestProxy(relay, config(SHORT, 2), 1)) {
      proxy.route(Map.of("a", refusing));
      try (Socket client = proxy.dial("a")) {
        ConnectionRecord closed = proxy.nextClosed();
        assertThat(closed.reason()).isEqualTo(CloseReason.CONNECT_FAILED);
        assertThat(closed.connectAttempts()).isEqualTo(2);
        assertThat(client.isConnected()).isTrue();
      }
    }
  }

  @Test
  void stopsDialingWhenTheDownstreamResets() throws Exception {
    try (Blackhole silent = new Blackhole();
        TestProxy proxy = new TestProxy(relay, config(LONG, 3), 1)) {
      proxy.route(Map.of("a", List.of(silent.address())));
      try (Socket client = proxy.dial("a")) {
        awaitDial(proxy);
        client.setSoLinger(true, 0);
      }
      ConnectionRecord closed = proxy.nextClosed();
      assertThat(closed.reason()).isEqualTo(CloseReason.DOWNSTREAM_GONE);
      assertThat(closed.connectAttempts()).isEqualTo(1);
      assertThat(stats(proxy).connectFail.sum()).isZero();
      await().until(() -> proxy.runtime.openConnections() == 0);
    }
  }

  @Test
  void losesNoByteThatCameBeforeAnUpstreamWasThere() throws Exception {
    try (Blackhole silent = new Blackhole();
        TestUpstream upstream = new TestUpstream(TestUpstream.ECHO);
        TestProxy proxy = new TestProxy(relay, config(SHORT, 3), 1)) {
      proxy.route(Map.of("a", List.of(silent.address(), upstream.address())));
      for (int i = 0; i < 2; i++) {
        try (Socket client = proxy.dial("a\nearly")) {
          client.getOutputStream().write(new byte[200_000]);
          client.shutdownOutput();
          assertThat(client.getInputStream().readAllBytes()).hasSize(200_000 + 8);
        }
        assertThat(proxy.nextClosed().reason()).isEqualTo(CloseReason.DONE);
      }
    }
  }

  @Test
  void stopsDialingWhenTheProxyCloses() throws Exception {
    try (Blackhole silent = new Blackhole();
        TestProxy proxy = new TestProxy(relay, config(LONG, 3), 1)) {
      proxy.route(Map.of("a", List.of(silent.address())));
      try (Socket client = proxy.dial("a")) {
        awaitDial(proxy);
        proxy.runtime.close();
        assertThat(proxy.nextClosed().reason()).isEqualTo(CloseReason.DRAINED);
        assertReset(client);
      }
      await().until(() -> proxy.runtime.openConnections() == 0);
    }
  }

  private static void assertReset(Socket client) {
    try {
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("reset");
    }
  }
}
