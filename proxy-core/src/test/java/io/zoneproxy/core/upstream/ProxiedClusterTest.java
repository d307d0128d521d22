package io.zoneproxy.core.upstream;

import static io.zoneproxy.core.model.Specs.locality;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.zoneproxy.core.config.outbound.OutboundProxies;
import io.zoneproxy.core.config.outbound.OutboundProxyFile;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.EndpointSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.balance.HealthCheck;
import io.zoneproxy.core.model.balance.HealthCheck.Tcp;
import io.zoneproxy.core.observe.HealthFlag;
import io.zoneproxy.core.relay.ConnectProxy;
import io.zoneproxy.core.relay.TestUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clusters whose endpoints are reached through an outbound proxy. */
final class ProxiedClusterTest {
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final EventLoop control = loops.next();
  private final List<String> askedFor = new CopyOnWriteArrayList<>();
  private final NameTable names =
      new NameTable(
          name -> {
            askedFor.add(name);
            return ImmediateEventExecutor.INSTANCE.newSucceededFuture(
                List.of(InetAddress.getLoopbackAddress()));
          });
  private final Clusters clusters = new Clusters();
  private final Path file;

  ProxiedClusterTest(@TempDir Path folder) {
    file = folder.resolve("proxies");
  }

  @AfterEach
  void close() {
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private Cluster cluster(String rules) throws IOException {
    Files.writeString(file, rules);
    OutboundProxies proxies =
        OutboundProxyFile.read(
            file,
            problem -> {
              throw new IllegalArgumentException(problem);
            });
    EndpointSpec endpoint = new EndpointSpec(new HostPort("db.invalid", 5432), 1, Map.of());
    ClusterSpec spec = clusters.spec(locality(0, endpoint));
    return new Cluster(spec, new ClusterContext(names, control, Outside.open(), proxies));
  }

  private static Endpoint only(Cluster cluster) {
    return cluster.endpoints().iterator().next();
  }

  @Test
  void theProxysNameIsLookedUpAndTheServicesIsNot() throws Exception {
    Cluster cluster = cluster("* proxy.corp:3128");
    cluster.leadsOutside();
    cluster.update(cluster.spec());
    InetSocketAddress dialed = only(cluster).dialAddress();
    assertThat(dialed).isEqualTo(new InetSocketAddress(InetAddress.getLoopbackAddress(), 3128));
    assertThat(only(cluster).named()).isTrue();
    assertThat(only(cluster).resolved()).isTrue();
    assertThat(askedFor).containsExactly("proxy.corp");
    cluster.close();
  }

  @Test
  void aClusterOfTheMeshIsDialedItselfWhateverTheRules() throws Exception {
    Cluster cluster = cluster("* proxy.corp:3128");
    cluster.update(cluster.spec());
    InetSocketAddress dialed = only(cluster).dialAddress();
    assertThat(dialed).isEqualTo(new InetSocketAddress(InetAddress.getLoopbackAddress(), 5432));
    assertThat(only(cluster).tunnel()).isEmpty();
    assertThat(askedFor).containsExactly("db.invalid");
    cluster.close();
  }

  @Test
  void probesGoThroughTheProxyToo() throws Exception {
    Duration often = Duration.ofMillis(20);
    HealthCheck.Times times =
        new HealthCheck.Times(
            Duration.ofSeconds(5),
            often,
            often,
            Duration.ZERO,
            Duration.ofMillis(2),
            10,
            2,
            2,
            false);
    clusters.check = Optional.of(new HealthCheck(times, new Tcp("50494e470a", List.of("504f"))));
    TestUpstream.Behaviour pong =
        socket -> {
          if (TestUpstream.readLine(socket).equals("PING")) {
            socket.getOutputStream().write("PO".getBytes(US_ASCII));
          }
        };
    try (ConnectProxy company = new ConnectProxy();
        TestUpstream upstream = new TestUpstream(pong)) {
      company.names.put("db.invalid:5432", upstream.address().port());
      Cluster cluster = cluster("*.invalid " + company.address());
      cluster.leadsOutside();
      cluster.update(cluster.spec());
      await().until(() -> !only(cluster).health().has(HealthFlag.FAILED_ACTIVE_HC));
      assertThat(company.asked).contains("db.invalid:5432");
      company.says("HTTP/1.1 503 No\r\n\r\n");
      await().until(() -> only(cluster).health().has(HealthFlag.FAILED_ACTIVE_HC));
      cluster.close();
    }
  }
}
