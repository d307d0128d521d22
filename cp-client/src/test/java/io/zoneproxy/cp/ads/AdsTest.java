package io.zoneproxy.cp.ads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.zoneproxy.core.observe.process.ControlPlaneStats;
import io.zoneproxy.cp.FakeControlPlane;
import io.zoneproxy.cp.FakeControlPlane.Asked;
import io.zoneproxy.cp.resource.ResourceType;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A client, and a control plane over real gRPC. */
abstract class AdsTest {
  /** Who is slow because the machine is busy has not fallen silent. */
  private static final Patience LONG =
      new Patience(Duration.ofMinutes(1), Duration.ofMillis(200), Duration.ofSeconds(10));

  /** For a control plane that says nothing, or not all. */
  static final Patience SHORT =
      new Patience(Duration.ofMillis(700), Duration.ofMillis(200), Duration.ofSeconds(10));

  final RecordingSink sink = new RecordingSink();
  final AtomicInteger tokens = new AtomicInteger();
  final AtomicInteger resources = new AtomicInteger();
  EventLoopGroup loops;
  ScheduledExecutorService executor;
  FakeControlPlane controlPlane;
  @Nullable AdsClient client;

  @BeforeEach
  void open() throws IOException {
    loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    executor = Executors.newSingleThreadScheduledExecutor();
    controlPlane = new FakeControlPlane().start();
  }

  @AfterEach
  void close() throws InterruptedException {
    AdsClient open = client;
    if (open != null) {
      open.close();
      assertThat(open.closed().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(20));
    }
    controlPlane.close();
    executor.shutdown();
    assertThat(executor.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  static Node node(int resource) {
    Struct metadata =
        Struct.newBuilder()
            .putFields(
                "dataplane.resource",
                Value.newBuilder().setStringValue("resource-" + resource).build())
            .build();
    return Node.newBuilder().setId(".egress-1").setMetadata(metadata).build();
  }

  final ControlPlaneStats stats = new ControlPlaneStats();

  String lastError() {
    return Objects.requireNonNull(client).lastError();
  }

  void connect() {
    connect(controlPlane.target());
  }

  void connect(Target target) {
    connect(target, List.of(Protocol.values()));
  }

  /** Gives up soon. */
  void connectImpatiently() {
    connect(controlPlane.target(), List.of(Protocol.values()), SHORT);
  }

  void connect(Target target, List<Protocol> protocols) {
    connect(target, protocols, LONG);
  }

  void connect(Target target, List<Protocol> protocols, Patience patience) {
    AdsClient made =
        new AdsClient(
            new AdsSettings(
                target,
                () -> node(resources.incrementAndGet()),
                () -> "token-" + tokens.incrementAndGet(),
                protocols,
                patience),
            sink.store,
            sink,
            loops,
            executor,
            stats);
    client = made;
    made.start();
  }

  void put(String name) {
    controlPlane.put(ResourceType.CLUSTER, name, Cluster.newBuilder().setName(name).build());
  }

  List<Asked> asked() {
    return controlPlane.asked(ResourceType.CLUSTER);
  }

  void awaitCluster(String name) {
    await().until(() -> sink.store.versions(ResourceType.CLUSTER).containsKey(name));
  }
}
