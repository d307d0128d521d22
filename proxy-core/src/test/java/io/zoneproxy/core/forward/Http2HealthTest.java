package io.zoneproxy.core.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.zoneproxy.core.forward.HttpUpstreams.Received;
import io.zoneproxy.core.model.ClusterPolicy;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.EndpointSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.Locality;
import io.zoneproxy.core.model.LocalityEndpoints;
import io.zoneproxy.core.model.balance.HealthCheck;
import io.zoneproxy.core.observe.HealthFlag;
import io.zoneproxy.core.relay.TestUpstream;
import io.zoneproxy.core.relay.portable.Transport;
import io.zoneproxy.core.upstream.Cluster;
import io.zoneproxy.core.upstream.ClusterContext;
import io.zoneproxy.core.upstream.NameTable;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Probes over HTTP/2; a proxy stands for the server that speaks it. */
final class Http2HealthTest {
  private static final String SERVING = "\0\0\0\0\2\b\1";
  private static final String NOT_SERVING = "\0\0\0\0\2\b\2";

  private final HttpProxyFixture server = new HttpProxyFixture();
  private final EventLoopGroup control = Transport.loops(1, "test-probes");
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private volatile String answer = HttpUpstreams.ok("x");

  @AfterEach
  void stop() {
    control.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    server.close();
  }

  private TestUpstream upstream() throws Exception {
    return new TestUpstream(
        HttpUpstreams.answering(
            request -> {
              received.add(request);
              return answer;
            }));
  }

  private Cluster checked(HealthCheck.Probe probe, InetSocketAddress address) {
    ClusterPolicy plain = ClusterPolicy.DEFAULT;
    Duration often = Duration.ofMillis(20);
    HealthCheck check =
        new HealthCheck(
            new HealthCheck.Times(
                Duration.ofSeconds(5), often, often, Duration.ZERO, Duration.ZERO, 0, 1, 1, true),
            probe);
    ClusterPolicy policy =
        new ClusterPolicy(
            plain.connectTimeout(),
            plain.balancing(),
            plain.spread(),
            plain.subsets(),
            plain.limits(),
            plain.outliers(),
            Optional.of(check),
            plain.http(),
            List.of(),
            plain.dns());
    ClusterSpec spec =
        new ClusterSpec(
            "asked",
            List.of(
                new LocalityEndpoints(
                    Locality.ofZone(""),
                    0,
                    1,
                    List.of(
                        new EndpointSpec(
                            new HostPort("127.0.0.1", address.getPort()), 1, Map.of())))),
            policy);
    NameTable names =
        new NameTable(name -> ImmediateEventExecutor.INSTANCE.newSucceededFuture(List.of()));
    Cluster cluster = new Cluster(spec, new ClusterContext(names, control.next()));
    cluster.update(spec);
    return cluster;
  }

  private static boolean well(Cluster cluster) {
    return !cluster.status().endpoints().get(0).flags().contains(HealthFlag.FAILED_ACTIVE_HC);
  }

  @Test
  void aRequestIsAskedAndItsStatusDecides() throws Exception {
    try (TestUpstream upstream = upstream()) {
      Cluster cluster =
          checked(
              new HealthCheck.Http("", "/live", List.of(), List.of(), true),
              server.serve(upstream.address()));
      await().until(() -> well(cluster));
      assertThat(server.record().protocol()).isEqualTo("HTTP/2");
      assertThat(received.get(0).line()).isEqualTo("GET /live HTTP/1.1");
      assertThat(received.get(0).has("host: asked")).isTrue();
      answer = "HTTP/1.1 500 x\r\ncontent-length: 0\r\n\r\n";
      await().until(() -> !well(cluster));
      cluster.close();
    }
  }

  private static String call(String message, int status) {
    return """
    HTTP/1.1 200 OK\r
    content-type: application/grpc\r
    transfer-encoding: chunked\r
    \r
    7\r
    %s\r
    0\r
    grpc-status: %d\r
    \r
    """
        .formatted(message, status);
  }

  @Test
  void aCallOfGrpcIsWellWhenTheServiceServes() throws Exception {
    answer = call(SERVING, 0);
    try (TestUpstream upstream = upstream()) {
      Cluster cluster =
          checked(
              new HealthCheck.Grpc("some.Service", "me.example"), server.serve(upstream.address()));
      await().until(() -> well(cluster));
      assertThat(received.get(0).line()).isEqualTo("POST /grpc.health.v1.Health/Check HTTP/1.1");
      assertThat(received.get(0).has("host: me.example")).isTrue();
      assertThat(received.get(0).has("te: trailers")).isTrue();
      assertThat(received.get(0).body()).isEqualTo("\0\0\0\0\16\n\14some.Service");
      answer = call(NOT_SERVING, 0);
      await().until(() -> !well(cluster));
      answer = call(SERVING, 0);
      await().until(() -> well(cluster));
      answer = call(SERVING, 12);
      await().until(() -> !well(cluster));
      cluster.close();
    }
  }
}
