package io.zoneproxy.core.upstream;

import static io.zoneproxy.core.model.Specs.locality;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.EndpointSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.balance.HealthCheck;
import io.zoneproxy.core.model.balance.HealthCheck.Probe;
import io.zoneproxy.core.model.balance.HealthCheck.Tcp;
import io.zoneproxy.core.observe.HealthCheckStats;
import io.zoneproxy.core.observe.HealthFlag;
import io.zoneproxy.core.relay.TestUpstream;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Real probes to real sockets. */
final class HealthCheckTest {
  private static final String PING = "50494e470a"; // PING and a line feed
  private static final List<String> PONG = List.of("504f", "4e47"); // PO, NG
  private static final Duration OFTEN = Duration.ofMillis(20);
  private static final Duration NEVER_AGAIN = Duration.ofHours(1);

  private final EventLoopGroup control =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final ClusterContext context = new ClusterContext(Clusters.names(), control.next());
  private final Clusters clusters = new Clusters();
  private Duration interval = OFTEN;
  private Duration noTraffic = OFTEN;
  private Duration timeout = Duration.ofSeconds(5);
  private int unhealthy = 2;
  private int healthy = 2;

  @AfterEach
  void close() {
    control.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private Cluster checked(Probe probe, HostPort... addresses) {
    Cluster cluster = new Cluster(spec(probe, addresses), context);
    cluster.update(cluster.spec());
    return cluster;
  }

  private ClusterSpec spec(Probe probe, HostPort... addresses) {
    HealthCheck.Times times =
        new HealthCheck.Times(
            timeout,
            interval,
            noTraffic,
            Duration.ZERO,
            Duration.ofMillis(2),
            10,
            unhealthy,
            healthy,
            false);
    clusters.check = Optional.of(new HealthCheck(times, probe));
    return clusters.spec(
        locality(
            0,
            Arrays.stream(addresses)
                .map(address -> new EndpointSpec(address, 1, Map.of()))
                .toArray(EndpointSpec[]::new)));
  }

  private static boolean well(Cluster cluster, int index) {
    Endpoint endpoint = List.copyOf(cluster.endpoints()).get(index);
    return !endpoint.health().has(HealthFlag.FAILED_ACTIVE_HC);
  }

  private static HealthCheckStats stats(Cluster cluster) {
    return Objects.requireNonNull(cluster.status().checks());
  }

  private static TestUpstream.Behaviour answering(AtomicBoolean well) {
    return socket -> {
      String line = TestUpstream.readLine(socket);
      if (line.equals("PING")) {
        socket
            .getOutputStream()
            .write((well.get() ? "..PO.NG" : "NO").getBytes(StandardCharsets.US_ASCII));
      }
    };
  }

  @Test
  void takesAnEndpointInAfterItsFirstProbe() throws Exception {
    noTraffic = NEVER_AGAIN;
    HostPort refusing = TestUpstream.refusing();
    try (TestUpstream upstream = new TestUpstream(TestUpstream.ECHO)) {
      Cluster cluster = checked(new Tcp("", List.of()), upstream.address(), refusing);
      await().until(() -> well(cluster, 0));
      await().until(() -> stats(cluster).failure.sum() == 1);
      assertThat(well(cluster, 1)).isFalse();
      assertThat(cluster.picker(Map.of()).hasOther(List.of())).isTrue();
      for (int i = 0; i < 10; i++) {
        assertThat(Objects.requireNonNull(cluster.picker(Map.of()).pick(List.of())).address())
            .isEqualTo(upstream.address());
      }
      assertThat(stats(cluster).attempt.sum()).isEqualTo(2);
      assertThat(stats(cluster).success.sum()).isEqualTo(1);
      assertThat(stats(cluster).networkFailure.sum()).isEqualTo(1);
      cluster.close();
    }
  }

  @Test
  void beginsWithAnEndpointThatIsNotHealthy() throws Exception {
    try (ServerSocket silent = new ServerSocket(0)) {
      HostPort address = new HostPort("127.0.0.1", silent.getLocalPort());
      Cluster cluster = checked(new Tcp("", PONG), address); // connects, and has no answer
      assertThat(well(cluster, 0)).isFalse();
      await().until(() -> stats(cluster).attempt.sum() == 1);
      assertThat(well(cluster, 0)).isFalse();
      cluster.close();
    }
  }

  @Test
  void followsTheAnswersWithTheirThresholds() throws Exception {
    AtomicBoolean well = new AtomicBoolean(true);
    try (TestUpstream upstream = new TestUpstream(answering(well))) {
      Cluster cluster = checked(new Tcp(PING, PONG), upstream.address());
      await().until(() -> well(cluster, 0));
      well.set(false);
      await().until(() -> !well(cluster, 0));
      assertThat(stats(cluster).failure.sum()).isGreaterThanOrEqualTo(2);
      well.set(true);
      await().until(() -> well(cluster, 0));
      assertThat(stats(cluster).success.sum()).isGreaterThanOrEqualTo(3);
      cluster.close();
    }
  }

  @Test
  void givesUpAProbeThatIsNotAnswered() throws Exception {
    timeout = Duration.ofMillis(50);
    noTraffic = NEVER_AGAIN;
    try (ServerSocket silent = new ServerSocket(0)) {
      HostPort address = new HostPort("127.0.0.1", silent.getLocalPort());
      Cluster cluster = checked(new Tcp("", PONG), address);
      await().until(() -> stats(cluster).networkFailure.sum() == 1);
      assertThat(well(cluster, 0)).isFalse();
      cluster.close();
    }
  }

  @Test
  void takesTheOtherIntervalOnceThereIsTraffic() throws Exception {
    noTraffic = Duration.ofMillis(50);
    interval = NEVER_AGAIN; // the shorter one first, so that the change is seen
    try (TestUpstream upstream = new TestUpstream(TestUpstream.ECHO)) {
      Cluster cluster = checked(new Tcp("", List.of()), upstream.address());
      await().until(() -> stats(cluster).success.sum() >= 3);
      cluster.stats().total.increment();
      // One more may be on its way.
      long asked = stats(cluster).attempt.sum();
      await().during(Duration.ofMillis(300)).until(() -> stats(cluster).attempt.sum() <= asked + 1);
      cluster.close();
    }
  }

  @Test
  void asksTheEndpointsOfAnUpdateAndNoOthers() throws Exception {
    try (TestUpstream one = new TestUpstream(TestUpstream.ECHO);
        TestUpstream other = new TestUpstream(TestUpstream.ECHO)) {
      Tcp connects = new Tcp("", List.of());
      Cluster cluster = checked(connects, one.address());
      await().until(() -> well(cluster, 0));
      Endpoint before = cluster.endpoints().iterator().next();
      cluster.update(spec(connects, other.address(), one.address()));
      assertThat(cluster.endpoints()).contains(before);
      assertThat(before.health().healthy()).isTrue(); // it goes on as it was
      await().until(() -> well(cluster, 0));
      cluster.update(spec(connects));
      awaitQuiet(cluster);
    }
  }

  @Test
  void stopsWithItsClusterOrItsConfiguration() throws Exception {
    try (TestUpstream upstream = new TestUpstream(TestUpstream.ECHO)) {
      Tcp connects = new Tcp("", List.of());
      Cluster cluster = checked(connects, upstream.address(), TestUpstream.refusing());
      await().until(() -> well(cluster, 0));
      clusters.check = Optional.empty();
      cluster.update(clusters.spec(cluster.spec().localities().get(0)));
      await().until(() -> well(cluster, 1)); // nobody says otherwise any more
      awaitQuiet(cluster);
      Cluster closed = checked(connects, upstream.address());
      await().until(() -> well(closed, 0));
      HealthCheckStats stats = stats(closed);
      closed.close();
      awaitQuiet(stats);
    }
  }

  private static void awaitQuiet(Cluster cluster) {
    awaitQuiet(stats(cluster));
  }

  /** Nobody is asked for many intervals. */
  private static void awaitQuiet(HealthCheckStats stats) {
    long[] last = {-1};
    await()
        .pollInterval(OFTEN.multipliedBy(10))
        .until(
            () -> {
              long before = last[0];
              last[0] = stats.attempt.sum();
              return before == last[0];
            });
  }

  @Test
  void takesOtherProbesForNone() throws IOException {
    Cluster cluster = checked(new HealthCheck.Grpc("s", ""), TestUpstream.refusing());
    assertThat(well(cluster, 0)).isTrue();
    assertThat(cluster.status().checks()).isNull();
  }
}
