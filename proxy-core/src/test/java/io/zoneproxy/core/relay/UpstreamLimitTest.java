package io.zoneproxy.core.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zoneproxy.core.config.ProxyConfig;
import io.zoneproxy.core.model.ClusterPolicy;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.Specs;
import io.zoneproxy.core.model.balance.CircuitBreakers;
import io.zoneproxy.core.model.balance.OutlierDetection;
import io.zoneproxy.core.model.balance.OutlierDetection.Consecutive;
import io.zoneproxy.core.model.balance.OutlierDetection.FailurePercentage;
import io.zoneproxy.core.model.balance.OutlierDetection.SuccessRate;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.observe.ClusterStats;
import io.zoneproxy.core.observe.ClusterStatus.EndpointStatus;
import io.zoneproxy.core.observe.HealthFlag;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What a cluster's circuit breaker and outlier detection do with real connections. */
@ParameterizedClass
@EnumSource(RelayKind.class)
final class UpstreamLimitTest {
  private final RelayKind relay;

  UpstreamLimitTest(RelayKind relay) {
    this.relay = relay;
  }

  private static ClusterPolicy policy(CircuitBreakers limits, Optional<OutlierDetection> outliers) {
    ClusterPolicy usual = ClusterPolicy.DEFAULT;
    return new ClusterPolicy(
        Optional.empty(),
        usual.balancing(),
        usual.spread(),
        usual.subsets(),
        limits,
        outliers,
        usual.healthCheck(),
        usual.http(),
        usual.tls(),
        usual.dns());
  }

  private static void route(TestProxy proxy, ClusterPolicy policy, HostPort... to) {
    ClusterSpec plain = Specs.cluster("c", List.of(to));
    proxy.apply(
        Specs.snapshot(
            List.of(Specs.listener("l", Specs.anyPort(), Specs.chain("a", "c"))),
            new ClusterSpec("c", plain.localities(), policy)));
  }

  private static CircuitBreakers limits(long connections, long pending) {
    return new CircuitBreakers(connections, pending, 1024, 3);
  }

  private static ClusterStats stats(TestProxy proxy) {
    return Objects.requireNonNull(proxy.runtime.clusters().get(0).stats());
  }

  @Test
  void refusesOneConnectionTooManyAndTakesTheNextWhenOneHasLeft() throws Exception {
    try (TestUpstream upstream = new TestUpstream(TestUpstream.ECHO);
        TestProxy proxy = new TestProxy(relay, ProxyConfig.withMaxConnections(100), 2)) {
      route(proxy, policy(limits(2, 1024), Optional.empty()), upstream.address());
      try (Socket one = proxy.dial("a");
          Socket two = proxy.dial("a")) {
        assertThat(one.getInputStream().read()).isEqualTo('a');
        assertThat(two.getInputStream().read()).isEqualTo('a');
        try (Socket three = proxy.dial("a")) {
          assertThat(proxy.nextClosed().reason()).isEqualTo(CloseReason.UPSTREAM_LIMIT);
          assertThat(three.isConnected()).isTrue();
        }
        assertThat(stats(proxy).overflow.sum()).isEqualTo(1);
        assertThat(stats(proxy).connections.get()).isEqualTo(2);
      }
      await().until(() -> stats(proxy).connections.get() == 0);
      assertThat(stats(proxy).dialing.get()).isZero();
      try (Socket next = proxy.dial("a")) {
        assertThat(next.getInputStream().read()).isEqualTo('a');
      }
    }
  }

  @Test
  void refusesOneDialTooMany() throws Exception {
    try (Blackhole silent = new Blackhole();
        TestProxy proxy = new TestProxy(relay, ProxyConfig.withMaxConnections(100), 1)) {
      route(proxy, policy(limits(1024, 1), Optional.empty()), silent.address());
      try (Socket one = proxy.dial("a")) {
        await().until(() -> proxy.runtime.clusters().get(0).stats() != null);
        await().until(() -> stats(proxy).dialing.get() == 1);
        try (Socket two = proxy.dial("a")) {
          assertThat(proxy.nextClosed().reason()).isEqualTo(CloseReason.UPSTREAM_LIMIT);
          assertThat(two.isConnected()).isTrue();
        }
        assertThat(stats(proxy).pendingOverflow.sum()).isEqualTo(1);
        assertThat(stats(proxy).connections.get()).isEqualTo(1);
        one.setSoLinger(true, 0);
      }
      await().until(() -> stats(proxy).connections.get() == 0);
      assertThat(stats(proxy).dialing.get()).isZero();
    }
  }

  @Test
  void givesBackWhatAFailedDialTook() throws Exception {
    HostPort refusing = TestUpstream.refusing();
    try (TestUpstream closing = new TestUpstream(socket -> {});
        TestProxy proxy = new TestProxy(relay, ProxyConfig.withMaxConnections(100), 1)) {
      route(proxy, policy(limits(1, 1), Optional.empty()), refusing, closing.address());
      for (int i = 0; i < 10; i++) {
        try (Socket client = proxy.dial("a")) {
          assertThat(proxy.nextClosed().reason()).isNotEqualTo(CloseReason.UPSTREAM_LIMIT);
          assertThat(client.isConnected()).isTrue();
        }
      }
      assertThat(stats(proxy).connections.get()).isZero();
      assertThat(stats(proxy).dialing.get()).isZero();
    }
  }

  @Test
  void putsOutAnEndpointThatRefusesConnections() throws Exception {
    HostPort refusing = TestUpstream.refusing();
    Consecutive three = new Consecutive(3, 100);
    Consecutive off = new Consecutive(0, 0);
    OutlierDetection outliers =
        new OutlierDetection(
            Duration.ofSeconds(10),
            Duration.ofMinutes(10),
            Duration.ofMinutes(10),
            50,
            three,
            off,
            off,
            false,
            new SuccessRate(5, 100, 1900, 0, 0),
            new FailurePercentage(85, 5, 50, 0, 0));
    try (TestUpstream upstream = new TestUpstream(TestUpstream.ECHO);
        TestProxy proxy = new TestProxy(relay, ProxyConfig.withMaxConnections(100), 1)) {
      route(
          proxy, policy(CircuitBreakers.NONE, Optional.of(outliers)), refusing, upstream.address());
      // Another loop puts it out, so that one or two more may have been on the way.
      await().until(() -> isServed(proxy) && !endpoints(proxy).get(0).flags().isEmpty());
      long failed = endpoints(proxy).get(0).connectFail();
      assertThat(failed).isGreaterThanOrEqualTo(3);
      for (int i = 0; i < 20; i++) {
        assertThat(isServed(proxy)).isTrue();
      }
      assertThat(endpoints(proxy).get(0).flags()).containsExactly(HealthFlag.FAILED_OUTLIER_CHECK);
      assertThat(endpoints(proxy).get(0).connectFail()).isLessThanOrEqualTo(failed + 1);
      assertThat(endpoints(proxy).get(1).healthy()).isTrue();
    }
  }

  private static boolean isServed(TestProxy proxy) throws IOException {
    try (Socket client = proxy.dial("a")) {
      return client.getInputStream().read() == 'a';
    }
  }

  private static List<EndpointStatus> endpoints(TestProxy proxy) {
    return proxy.runtime.clusters().get(0).endpoints();
  }
}
