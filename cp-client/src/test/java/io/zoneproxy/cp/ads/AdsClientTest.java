package io.zoneproxy.cp.ads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.grpc.Status;
import io.zoneproxy.core.observe.process.ControlPlaneStats;
import io.zoneproxy.cp.CpChain;
import io.zoneproxy.cp.FakeControlPlane;
import io.zoneproxy.cp.FakeControlPlane.Asked;
import io.zoneproxy.cp.resource.ResourceType;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Streams, from their opening to their end. */
final class AdsClientTest extends AdsTest {
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
    await().until(() -> sink.store.all(ResourceType.CLUSTER).size() == 1);
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
    assertThat(sink.store.all(ResourceType.CLUSTER).size()).isEqualTo(2);
    controlPlane.start();
    await().until(() -> sink.store.all(ResourceType.CLUSTER).size() == 1);
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
    connectImpatiently();
    await().until(() -> sink.completions.get() == 1);
    assertThat(sink.store.versions(ResourceType.CLUSTER)).containsOnlyKeys("a");
    put("b");
    awaitCluster("b");
    controlPlane.remove(ResourceType.CLUSTER, "a");
    await().until(() -> sink.store.all(ResourceType.CLUSTER).size() == 1);
    assertThat(asked()).noneMatch(Asked::delta);
  }

  @Test
  void speaksSotwWithAControlPlaneWhoseDeltaIsMute() {
    controlPlane.keepSilent(true);
    put("a");
    connectImpatiently();
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
    await().until(() -> sink.store.all(ResourceType.LISTENER).size() == 1);
    assertThat(sink.store.versions(ResourceType.ENDPOINT)).containsOnlyKeys("b");
  }

  @Test
  void speaksToNobodyWhoseCertificateAnotherCaHasSigned() throws Exception {
    try (FakeControlPlane impostor = new FakeControlPlane().start()) {
      Target mixed =
          new Target("localhost", impostor.target().port(), controlPlane.target().trustedCa());
      connect(mixed);
      await().until(() -> tokens.get() >= 3);
      assertThat(lastError()).contains("none of the CA bundle");
      assertThat(impostor.asked).isEmpty();
    }
  }

  @Test
  void speaksToNobodyWhoseCertificateIsForAnotherHost() throws Exception {
    try (FakeControlPlane elsewhere = new FakeControlPlane().on("127.0.0.2").start()) {
      Target real = elsewhere.target();
      connect(new Target("127.0.0.2", real.port(), real.trustedCa()));
      await().until(() -> tokens.get() >= 3);
      assertThat(lastError()).contains("expected: 127.0.0.2 among");
      assertThat(elsewhere.asked).isEmpty();
    }
  }

  @Test
  void followsAChainToTheCaAndDemandsTheExactName() throws Exception {
    CpChain chain = CpChain.make();
    try (FakeControlPlane signed = new FakeControlPlane(chain.shown(), chain.rootPem()).start()) {
      connect(signed.target());
      await().until(() -> sink.completions.get() == 1);
    }
  }

  @Test
  void triesEachAddressOfAName() throws Exception {
    assumeTrue(
        InetAddress.getAllByName("localhost").length > 1, "localhost has one address only here");
    try (FakeControlPlane second =
        new FakeControlPlane().on(InetAddress.getAllByName("localhost")[1].getHostAddress())) {
      second.start();
      connect(second.target());
      await().until(() -> sink.completions.get() == 1);
    }
  }

  @Test
  void reachesAnIpv6AddressWhereThereIsOne() throws Exception {
    try (FakeControlPlane other = new FakeControlPlane().on("::1")) {
      try {
        other.start();
      } catch (IOException e) {
        assumeTrue(false, "no IPv6 here: " + e);
      }
      connect(new Target("::1", other.target().port(), other.target().trustedCa()));
      await().until(() -> sink.completions.get() == 1);
    }
  }

  @Test
  void registersForEachStreamWhatIsToBeRegisteredThen() {
    connect();
    await().until(() -> sink.completions.get() == 1);
    controlPlane.endStreams(Status.UNAVAILABLE);
    await().until(() -> sink.completions.get() == 2);
    assertThat(asked().stream().map(Asked::resource).distinct())
        .containsExactly("resource-1", "resource-2");
  }

  @Test
  void asksForNothingByName() {
    connect();
    await().until(() -> sink.completions.get() == 1);
    assertThat(controlPlane.asked).allMatch(asked -> asked.names() == 0);
  }

  @Test
  void saysOnceAStreamThatSotwIsComplete() {
    controlPlane.onlySotw();
    put("a");
    connectImpatiently();
    await().until(() -> sink.completions.get() == 1);
    put("b");
    awaitCluster("b");
    controlPlane.endStreams(Status.OK);
    await().until(() -> sink.completions.get() == 2);
  }

  @Test
  void aSotwStreamIsNotCompleteBeforeListenersHaveCome() {
    controlPlane.onlySotw();
    put("a");
    Patience patient =
        new Patience(Duration.ofHours(1), Duration.ofMillis(50), Duration.ofSeconds(1));
    connect(controlPlane.target(), List.of(Protocol.SOTW), patient);
    awaitCluster("a");
    put("b");
    awaitCluster("b");
    assertThat(sink.completions).hasValue(0);
    controlPlane.put(ResourceType.LISTENER, "l", Listener.newBuilder().setName("l").build());
    await().until(() -> sink.completions.get() == 1);
  }

  @Test
  void tellsHowThingsStand() {
    connect();
    await().until(() -> sink.completions.get() == 1);
    assertThat(stats.connected()).isTrue();
    assertThat(stats.protocol()).isEqualTo("delta");
    assertThat(lastError()).isEmpty();
    controlPlane.refuse(Status.UNKNOWN.withDescription("authentication failed: token is revoked"));
    controlPlane.endStreams(Status.UNAVAILABLE);
    await().until(() -> lastError().contains("token was revoked"));
    assertThat(stats.connected()).isFalse();
    controlPlane.refuse(null);
    await().until(() -> stats.connected() && stats.reconnects.sum() == 1);
    ControlPlaneStats.Updates secrets = stats.of(ControlPlaneStats.Type.SECRET);
    await().until(() -> secrets.success.sum() == 2);
    assertThat(secrets.rejected.sum()).isZero();
  }

  @Test
  void explainsASilence() {
    controlPlane.keepSilent(true);
    connectImpatiently();
    await().until(() -> lastError().contains("sends nothing"));
    assertThat(stats.connected()).isFalse();
  }

  @Test
  void saysThatItIsDoneWhenItCloses() {
    connect();
    await().until(() -> sink.completions.get() == 1);
    AdsClient open = Objects.requireNonNull(client);
    open.close();
    assertThat(open.closed().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(20));
    assertThat(controlPlane.halfClosed()).isOne();
    assertThat(stats.connected()).isFalse();
  }

  @Test
  void endsAtOnceWhenItIsCut() {
    connect();
    await().until(() -> sink.completions.get() == 1);
    Objects.requireNonNull(client).cut();
    await().until(() -> controlPlane.openStreams() == 0);
    assertThat(controlPlane.halfClosed()).isZero();
  }

  @Test
  void sendsNoTokenThatIsNoHeader() {
    AdsClient made =
        new AdsClient(
            new AdsSettings(
                controlPlane.target(),
                () -> node(1),
                () -> "a\r\nb",
                List.of(Protocol.DELTA),
                SHORT),
            sink.store,
            sink,
            loops,
            executor,
            stats);
    client = made;
    made.start();
    await().until(() -> lastError().contains("expected: a JWT"));
    assertThat(controlPlane.asked).isEmpty();
  }
}
