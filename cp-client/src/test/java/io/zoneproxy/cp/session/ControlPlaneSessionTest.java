package io.zoneproxy.cp.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.grpc.Status;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.cp.FakeControlPlane.Asked;
import io.zoneproxy.cp.Xds;
import io.zoneproxy.cp.resource.ResourceType;
import io.zoneproxy.cp.session.SessionRig.Told;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A session from its begin to its end, with a control plane that answers. */
final class ControlPlaneSessionTest {
  private final SessionRig rig = new SessionRig();

  ControlPlaneSessionTest() throws IOException {}

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void theFirstConfigurationIsPublishedWhole() throws Exception {
    rig.serve("a", "b");
    ControlPlaneSession session = rig.start();

    Told first = rig.next();

    assertThat(first.kept()).isFalse();
    assertThat(first.end("a")).isInstanceOf(Terminal.TcpProxy.class);
    assertThat(first.end("b")).isInstanceOf(Terminal.TcpProxy.class);
    assertThat(first.snapshot().clusters())
        .allSatisfy((name, cluster) -> assertThat(cluster.localities()).isNotEmpty());
    assertThat(session.bootstrapped().orElseThrow().node().getId()).isEqualTo(".e");
    assertThat(session.bootstrapped().orElseThrow().text().toString()).doesNotContain("a.b.c");
    assertThat(rig.servesKept()).isFalse();
  }

  @Test
  void nothingIsPublishedWhileEndpointsAreAwaited() throws Exception {
    rig.put(ResourceType.CLUSTER, "default:a", Xds.eds("default:a"));
    rig.put(
        ResourceType.LISTENER,
        "l",
        Xds.listener(
            "l", Xds.address("127.0.0.1", 1), Xds.passthrough("a", "default:a", Map.of())));
    rig.start();
    await().until(() -> answered(ResourceType.LISTENER) > 1 && answered(ResourceType.SECRET) > 1);

    assertThat(rig.told).isEmpty();
    rig.put(
        ResourceType.ENDPOINT,
        "default:a",
        Xds.assignment("default:a", Xds.endpoint(80, Map.of())));

    assertThat(rig.next().end("a")).isInstanceOf(Terminal.TcpProxy.class);
  }

  private long answered(ResourceType type) {
    return rig.ads().asked(type).size();
  }

  @Test
  void anOlderControlPlaneIsServedAsTheStateOfTheWorld() throws Exception {
    rig.ads().onlySotw();
    rig.serve("a");
    rig.start();

    assertThat(rig.next().end("a")).isInstanceOf(Terminal.TcpProxy.class);
    rig.serve("a", "b");
    Told told = rig.nextWith("b");
    while (told.end("b") instanceof Terminal.Refusal) { // its endpoints may come a moment later
      told = rig.nextWith("b");
    }
    assertThat(told.end("b")).isInstanceOf(Terminal.TcpProxy.class);
  }

  @Test
  void aBootstrapThatWillNeverComeIsAFailure() throws Exception {
    rig.controlPlane.answerBootstraps(422, "A token is required");
    rig.start();

    assertThat(rig.nextFailure()).contains("token is required", "--dataplane-token-file");
    assertThat(rig.controlPlane.bootstraps).hasSize(1);
    assertThat(rig.told).isEmpty();
  }

  @Test
  void aBootstrapIsAskedForUntilTheBudgetIsSpent() throws Exception {
    rig.controlPlane.answerBootstraps(404, "");
    rig.budget(Duration.ofSeconds(3)).start();

    assertThat(rig.nextFailure()).contains("has no resource for the");
    assertThat(rig.controlPlane.bootstraps).hasSizeGreaterThan(1);
  }

  @Test
  void aNameWithoutAnAddressIsAFailureOnceTheBudgetIsSpent() throws Exception {
    rig.elsewhere(URI.create("https://no-such-host.invalid:5678"))
        .budget(Duration.ofMillis(50))
        .start();

    assertThat(rig.nextFailure())
        .contains("no-such-host.invalid:5678: the name has no address", "--cp-address");
  }

  @Test
  void anIngressRegistersWhatItServedInItsSecondStream() throws Exception {
    rig.proxy("ingress", SessionRig.INGRESS).serve("a");
    rig.start();
    rig.next();

    rig.ads().endStreams(Status.OK);
    await().until(() -> registered().size() > 1);

    assertThat(registered().get(0)).doesNotContain("availableServices");
    assertThat(registered().get(registered().size() - 1))
        .contains("\"availableServices\":[{", "\"kuma.io/service\":\"a\"", "\"mesh\":\"default\"");
  }

  private List<String> registered() {
    return rig.ads().asked(ResourceType.LISTENER).stream()
        .filter(Asked::isFirst)
        .map(Asked::resource)
        .toList();
  }

  @Test
  void anIngressFromDiskRegistersWhatItServes(@TempDir Path folder) throws Exception {
    rig.proxy("ingress", SessionRig.INGRESS).keep(folder, Duration.ofHours(1)).serve("a");
    keepAndForget(folder);
    rig.ads().asked.clear();

    rig.start();
    await().until(() -> !registered().isEmpty());

    assertThat(registered().get(0)).contains("\"kuma.io/service\":\"a\"");
  }

  @Test
  void anEgressRegistersItsResourceAsItIs() throws Exception {
    rig.proxy("egress", "{type: ZoneEgress, name: e}").serve("a");
    rig.start();
    rig.next();
    rig.ads().endStreams(Status.UNAVAILABLE);
    await().until(() -> registered().size() > 1);

    assertThat(registered())
        .allSatisfy(
            resource -> assertThat(resource).isEqualTo("{\"type\":\"ZoneEgress\",\"name\":\"e\"}"));
  }

  @Test
  void aDrainEndsTheStreamOfAProxyThatRegisteredItself() throws Exception {
    rig.proxy("ingress", SessionRig.INGRESS).serve("a");
    ControlPlaneSession session = rig.start();
    rig.next();

    session.onDrain();

    await().until(() -> rig.ads().halfClosed() == 1 && rig.ads().openStreams() == 0);
  }

  @Test
  void aDrainLeavesTheStreamOfAProxyThatTheControlPlaneKnows() throws Exception {
    rig.proxy("ingress", "").serve("a");
    ControlPlaneSession session = rig.start();
    rig.next();

    session.onDrain();
    rig.serve("a", "b"); // it still hears of changes

    assertThat(rig.nextWith("b").kept()).isFalse();
    assertThat(rig.ads().halfClosed()).isZero();
    assertThat(rig.ads().openStreams()).isEqualTo(1);
  }

  @Test
  void whoDrainsBeforeTheBootstrapHasComeRegistersNoMore() throws Exception {
    rig.controlPlane.answerBootstraps(404, "");
    ControlPlaneSession session = rig.proxy("ingress", SessionRig.INGRESS).start();
    await().until(() -> !rig.controlPlane.bootstraps.isEmpty());

    session.onDrain();
    rig.controlPlane.answerBootstraps(200, "");
    await().until(() -> threads().stream().noneMatch(name -> name.endsWith("-bootstrap")));

    assertThat(rig.ads().asked).isEmpty();
    assertThat(rig.ads().openStreams()).isZero();
  }

  @Test
  void closingEndsStreamAndThreads(@TempDir Path folder) throws Exception {
    rig.keep(folder, Duration.ofHours(1)).serve("a");
    keepAndForget(folder);
    ControlPlaneSession session = rig.start();
    rig.next();
    await().until(() -> !rig.servesKept());

    session.close();

    await().until(() -> rig.ads().openStreams() == 0);
    await().untilAsserted(() -> assertThat(threads()).isEmpty());
  }

  @Test
  void closingEndsACallForTheBootstrapThatIsTriedForEver(@TempDir Path folder) throws Exception {
    rig.keep(folder, Duration.ofHours(1)).serve("a");
    keepAndForget(folder);
    rig.controlPlane.bootstraps.clear();
    rig.controlPlane.answerBootstraps(404, "");
    rig.budget(Duration.ofMillis(50));
    ControlPlaneSession session = rig.start();
    await().until(() -> rig.controlPlane.bootstraps.size() > 10);

    session.close();

    await().untilAsserted(() -> assertThat(threads()).isEmpty());
    assertThat(rig.failed).isEmpty();
  }

  @Test
  void sessionsLeaveNoDescriptorsBehind() throws Exception {
    rig.serve("a");
    rig.start().close(); // what is loaded once
    await().until(() -> threads().isEmpty());
    rig.told.clear();
    ControlPlaneSession first = rig.start();
    rig.next();
    first.close();
    await().until(() -> rig.ads().openStreams() == 0 && threads().isEmpty());
    int before = descriptors();

    for (int i = 0; i < 5; i++) {
      ControlPlaneSession session = rig.start();
      rig.next();
      session.close();
      await().until(() -> rig.ads().openStreams() == 0 && threads().isEmpty());
    }

    await().untilAsserted(() -> assertThat(descriptors()).isLessThanOrEqualTo(before));
  }

  private static int descriptors() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return (int) open.count();
    }
  }

  private static Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .map(Thread::getName)
        .filter(name -> name.startsWith("zoneproxy-"))
        .collect(Collectors.toSet());
  }

  /** A life that leaves its configuration on disk. */
  private void keepAndForget(Path folder) throws Exception {
    ControlPlaneSession earlier = rig.start();
    rig.next();
    await().until(() -> KeptFiles.any(folder));
    earlier.close();
    await().until(() -> rig.ads().openStreams() == 0);
    rig.told.clear();
  }

  @Test
  void aChainWhoseSecretIsMissingIsNamedAmongThoseThatWait() throws Exception {
    FilterChain chain = Xds.ending(Xds.passthrough("a", "default:a", Map.of()), "identity:default");
    rig.serve("b");
    rig.put(
        ResourceType.LISTENER,
        "l",
        Xds.listener(
            "l", Xds.address("127.0.0.1", 1), chain, Xds.passthrough("b", "default:b", Map.of())));
    ControlPlaneSession session = rig.start();

    rig.next();

    assertThat(session.awaitedSecrets()).containsExactly("identity:default");
    await().until(() -> rig.stats.chainsWaiting.get() == 1);
  }
}
