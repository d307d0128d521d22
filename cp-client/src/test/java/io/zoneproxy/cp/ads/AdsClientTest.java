package io.zoneproxy.cp.ads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.grpc.Status;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.zoneproxy.cp.FakeControlPlane;
import io.zoneproxy.cp.FakeControlPlane.Asked;
import io.zoneproxy.cp.resource.ResourceType;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a control plane over real gRPC. */
final class AdsClientTest {
  private static final Node NODE = Node.newBuilder().setId(".egress-1").build();
  private static final AdsClient.Patience SHORT =
      new AdsClient.Patience(Duration.ofMillis(700), Duration.ofMillis(200));

  private final RecordingSink sink = new RecordingSink();
  private final AtomicInteger tokens = new AtomicInteger();
  private EventLoopGroup loops;
  private ScheduledExecutorService executor;
  private FakeControlPlane controlPlane;
  private @Nullable AdsClient client;

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
    }
    controlPlane.close();
    executor.shutdown();
    assertThat(executor.awaitTermination(5, TimeUnit.SECONDS)).isTrue();
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private void connect() {
    connect(controlPlane.target());
  }

  private void connect(Target target) {
    AdsClient made =
        new AdsClient(
            target,
            NODE,
            () -> "token-" + tokens.incrementAndGet(),
            sink.store,
            sink,
            loops,
            executor,
            SHORT);
    client = made;
    made.start();
  }

  private void put(String name) {
    controlPlane.put(ResourceType.CLUSTER, name, Cluster.newBuilder().setName(name).build());
  }

  private List<Asked> asked() {
    return controlPlane.asked(ResourceType.CLUSTER);
  }

  private void awaitCluster(String name) {
    await().until(() -> sink.store.versions(ResourceType.CLUSTER).containsKey(name));
  }

  @Test
  void subscribesToEverythingOfEachTypeAndKnowsWhenThatHasCome() {
    put("default:backend");
    connect();
    await().until(() -> sink.completions.get() == 1);
    assertThat(controlPlane.asked.stream().filter(Asked::isFirst).map(Asked::type))
        .containsExactly(ResourceType.values());
    assertThat(sink.store.versions(ResourceType.CLUSTER)).containsOnlyKeys("default:backend");
  }

  @Test
  void saysWhoItIsInEachRequest() {
    connect();
    await().until(() -> controlPlane.asked.size() == 2 * ResourceType.values().length);
    assertThat(controlPlane.asked).allMatch(Asked::hasNode);
    assertThat(controlPlane.asked).allMatch(asked -> asked.token().equals("token-1"));
  }

  @Test
  void acknowledgesEachResponseAndTakesTheNextOne() {
    connect();
    await().until(() -> sink.completions.get() == 1);
    put("a");
    awaitCluster("a");
    put("b");
    awaitCluster("b");
    controlPlane.remove(ResourceType.CLUSTER, "a");
    await().until(() -> sink.store.count(ResourceType.CLUSTER) == 1);
    assertThat(asked()).allMatch(asked -> asked.error().isEmpty());
  }

  @Test
  void refusesWithTheReasonAndKeepsWhatItHadOfIt() {
    put("a");
    connect();
    awaitCluster("a");
    String before = sink.store.versions(ResourceType.CLUSTER).get("a");
    sink.refused.add("a");
    put("a");
    put("b");
    awaitCluster("b");
    await().until(() -> asked().stream().anyMatch(asked -> !asked.error().isEmpty()));
    assertThat(asked().stream().map(Asked::error))
        .contains("Cluster/a.lbPolicy: 7 (expected: another)");
    assertThat(sink.store.versions(ResourceType.CLUSTER)).containsEntry("a", before);
  }

  @Test
  void saysWhatItHasWhenItComesBack() {
    put("a");
    connect();
    awaitCluster("a");
    Map<String, String> had = sink.store.versions(ResourceType.CLUSTER);
    controlPlane.endStreams(Status.OK);
    await().until(() -> asked().stream().filter(Asked::isFirst).count() == 2);
    assertThat(asked().stream().filter(Asked::isFirst).map(Asked::versions))
        .containsExactly(Map.of(), had);
  }

  @Test
  void hearsOfWhatWasRemovedWhileItWasAway() throws Exception {
    put("a");
    put("b");
    connect();
    awaitCluster("b");
    controlPlane.stop();
    controlPlane.remove(ResourceType.CLUSTER, "a");
    assertThat(sink.store.count(ResourceType.CLUSTER)).isEqualTo(2);
    controlPlane.start();
    await().until(() -> sink.store.count(ResourceType.CLUSTER) == 1);
  }

  @Test
  void readsTheTokenForEachStream() {
    connect();
    await().until(() -> sink.completions.get() == 1);
    controlPlane.endStreams(Status.UNAVAILABLE);
    await().until(() -> sink.completions.get() == 2);
    assertThat(asked().stream().map(Asked::token)).contains("token-1", "token-2");
  }

  @Test
  void goesOnTryingWhileItsLastStreamIsStillThere() {
    controlPlane.refuse(Status.UNKNOWN.withDescription("there is already an active stream"));
    connect();
    await().until(() -> tokens.get() >= 2);
    controlPlane.refuse(null);
    await().until(() -> sink.completions.get() == 1);
  }

  @Test
  void waitsForAControlPlaneThatIsNotThereYet() throws Exception {
    controlPlane.stop();
    connect();
    await().until(() -> tokens.get() >= 2);
    controlPlane.start();
    await().until(() -> sink.completions.get() == 1);
  }

  @Test
  void speaksSotwWithAControlPlaneThatKnowsNoDelta() {
    controlPlane.onlySotw();
    put("a");
    connect();
    await().until(() -> sink.completions.get() == 1);
    assertThat(sink.store.versions(ResourceType.CLUSTER)).containsOnlyKeys("a");
    put("b");
    awaitCluster("b");
    controlPlane.remove(ResourceType.CLUSTER, "a");
    await().until(() -> sink.store.count(ResourceType.CLUSTER) == 1);
    assertThat(asked()).noneMatch(Asked::delta);
  }

  @Test
  void speaksSotwWithAControlPlaneWhoseDeltaIsMute() {
    controlPlane.keepSilent(true);
    put("a");
    connect();
    await().until(() -> asked().stream().anyMatch(asked -> !asked.delta()));
    controlPlane.keepSilent(false);
    awaitCluster("a");
  }

  @Test
  void staysWithDeltaOnceItHasWorked() {
    connect();
    await().until(() -> sink.completions.get() == 1);
    controlPlane.keepSilent(true);
    controlPlane.endStreams(Status.UNAVAILABLE);
    await().until(() -> asked().stream().filter(Asked::isFirst).count() == 2);
    controlPlane.endStreams(Status.UNAVAILABLE);
    await().until(() -> asked().stream().filter(Asked::isFirst).count() == 3);
    assertThat(asked()).allMatch(Asked::delta);
  }

  @Test
  void refusesInSotwWithTheVersionThatItRefuses() {
    controlPlane.onlySotw();
    sink.refused.add("a");
    put("a");
    controlPlane.put(
        ResourceType.ENDPOINT, "b", ClusterLoadAssignment.newBuilder().setClusterName("b").build());
    controlPlane.put(ResourceType.LISTENER, "l", Listener.newBuilder().setName("l").build());
    connect();
    await().until(() -> asked().stream().anyMatch(asked -> !asked.error().isEmpty()));
    assertThat(asked().get(asked().size() - 1).version()).isNotEmpty();
    await().until(() -> sink.store.count(ResourceType.LISTENER) == 1);
    assertThat(sink.store.versions(ResourceType.ENDPOINT)).containsOnlyKeys("b");
  }

  @Test
  void speaksToNobodyWhoseCertificateAnotherCaHasSigned() throws Exception {
    try (FakeControlPlane impostor = new FakeControlPlane().start()) {
      Target mixed =
          new Target("localhost", impostor.target().port(), controlPlane.target().trustedCa());
      connect(mixed);
      await().until(() -> tokens.get() >= 3);
      assertThat(impostor.asked).isEmpty();
    }
  }

  @Test
  void speaksToNobodyWhoseCertificateIsForAnotherHost() {
    Target real = controlPlane.target();
    connect(new Target("127.0.0.2", real.port(), real.trustedCa()));
    await().until(() -> tokens.get() >= 3);
    assertThat(controlPlane.asked).isEmpty();
  }
}
