package io.zoneproxy.core.upstream;

import static io.zoneproxy.core.model.Specs.locality;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.zoneproxy.core.model.ClusterPolicy;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.EndpointSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.balance.HealthCheck;
import io.zoneproxy.core.model.balance.HealthCheck.Probe;
import io.zoneproxy.core.model.balance.HealthCheck.Tcp;
import io.zoneproxy.core.model.policy.HeaderChange;
import io.zoneproxy.core.observe.HealthCheckStats;
import io.zoneproxy.core.observe.HealthFlag;
import io.zoneproxy.core.relay.TestUpstream;
import io.zoneproxy.core.upstream.health.HealthChecks;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
  void aStatusThatIsExpectedIsWellAndAnotherIsNot() throws Exception {
    AtomicInteger status = new AtomicInteger(204);
    List<String> heads = new CopyOnWriteArrayList<>();
    HealthCheck.Http probe =
        new HealthCheck.Http(
            "health.example",
            "/live?deep=1",
            List.of(new HealthCheck.Statuses(200, 201), new HealthCheck.Statuses(204, 206)),
            List.of(
                new HeaderChange("x-probe", "a", true),
                new HeaderChange("user-agent", "me", false)),
            false);
    try (TestUpstream upstream =
        new TestUpstream(
            socket -> {
              StringBuilder head = new StringBuilder();
              for (String line = TestUpstream.readLine(socket).strip();
                  !line.isEmpty();
                  line = TestUpstream.readLine(socket).strip()) {
                head.append(line).append('\n');
              }
              heads.add(head.toString());
              String answer = "HTTP/1.1 " + status.get() + " x\r\ncontent-length: 0\r\n\r\n";
              socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            })) {
      Cluster cluster = checked(probe, upstream.address());
      await().until(() -> well(cluster, 0));
      assertThat(heads.get(0))
          .startsWith("GET /live?deep=1 HTTP/1.1\n")
          .contains("host: health.example\n", "x-probe: a\n", "user-agent: me\n");
      status.set(206);
      await().until(() -> !well(cluster, 0));
      assertThat(stats(cluster).networkFailure.sum()).isZero();
      cluster.close();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whoSpeaksNoHttpIsNotWell(boolean http2) throws Exception {
    try (TestUpstream upstream =
        new TestUpstream(
            socket -> {
              TestUpstream.readLine(socket);
              socket
                  .getOutputStream()
                  .write("nonsense\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            })) {
      Cluster cluster =
          checked(new HealthCheck.Http("", "/", List.of(), List.of(), http2), upstream.address());
      await().until(() -> stats(cluster).networkFailure.sum() > 0);
      assertThat(well(cluster, 0)).isFalse();
      cluster.close();
    }
  }

  @Test
  void tlsThatNobodyCanBeginYetIsWaitedFor() throws Exception {
    try (TestUpstream upstream = new TestUpstream(TestUpstream.ECHO)) {
      clusters.tls = List.of(new ClusterPolicy.TlsChoice(Map.of(), Optional.empty()));
      Cluster cluster = checked(new Tcp("", List.of()), upstream.address());
      await().during(Duration.ofMillis(200)).until(() -> stats(cluster).attempt.sum() == 0);
      cluster.secure(
          endpoint ->
              Optional.of(
                  channel ->
                      channel
                          .pipeline()
                          .addLast(
                              new ChannelInboundHandlerAdapter() {
                                @Override
                                public void channelActive(ChannelHandlerContext ctx) {
                                  ctx.fireChannelActive();
                                  ctx.fireUserEventTriggered(HealthChecks.SECURED);
                                }
                              })));
      await().until(() -> well(cluster, 0));
      cluster.close();
    }
  }
}
