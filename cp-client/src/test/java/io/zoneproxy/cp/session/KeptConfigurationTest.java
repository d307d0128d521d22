package io.zoneproxy.cp.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.tls.SecretName;
import io.zoneproxy.core.model.tls.SecretSpec;
import io.zoneproxy.cp.Xds;
import io.zoneproxy.cp.resource.ResourceType;
import io.zoneproxy.cp.session.SessionRig.Told;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is on disk while the control plane is away, and what becomes of it when it is back. */
final class KeptConfigurationTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final String KEY = "-----BEGIN PRIVATE KEY-----";
  private static final String SECRET = "identity:default";

  private final Path folder;
  private final SessionRig rig = new SessionRig();

  KeptConfigurationTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
  }

  @AfterEach
  void close() {
    rig.close();
  }

  /** A life whose last configuration has these words in it. */
  private void live(String words) throws Exception {
    ControlPlaneSession session = rig.start();
    rig.next();
    await().until(() -> KeptFiles.contain(folder, words));
    session.close();
    await().until(() -> rig.ads().openStreams() == 0);
    rig.told.clear();
  }

  @Test
  void itServesFirstAndIsReplacedWhenTheControlPlaneAnswers() throws Exception {
    rig.keep(folder, HOUR).serve("a", "gone");
    live("default:gone");
    rig.controlPlane.stop();

    rig.start();
    Told kept = rig.next();
    assertThat(kept.kept()).isTrue();
    assertThat(kept.end("gone")).isInstanceOf(Terminal.TcpProxy.class);
    assertThat(rig.servesKept()).isTrue();

    rig.ads().remove(ResourceType.CLUSTER, "default:gone");
    rig.ads().remove(ResourceType.ENDPOINT, "default:gone");
    rig.serve("a", "new");
    rig.controlPlane.start();

    await().until(() -> !rig.servesKept());
    Told last = lastOf(rig.nextWith("new"));
    assertThat(last.kept()).isFalse();
    assertThat(last.snapshot().clusters()).containsOnlyKeys("default:a", "default:new");
    assertThat(last.snapshot().listeners().get(0).chains()).hasSize(2);
    assertThat(rig.stats.lastKnownGoodAtMillis.get()).isZero();
  }

  private Told lastOf(Told first) throws InterruptedException {
    Told last = first;
    while (last.kept() || last.snapshot().clusters().size() != 2) {
      last = rig.next();
    }
    return last;
  }

  @Test
  void theStateOfTheWorldReplacesItToo() throws Exception {
    rig.ads().onlySotw();
    rig.keep(folder, HOUR).serve("a", "gone");
    live("default:gone");
    rig.controlPlane.stop();
    rig.start();
    assertThat(rig.next().kept()).isTrue();

    rig.ads().remove(ResourceType.CLUSTER, "default:gone");
    rig.ads().remove(ResourceType.ENDPOINT, "default:gone");
    rig.serve("a", "new");
    rig.controlPlane.start();

    await().until(() -> !rig.servesKept());
    assertThat(lastOf(rig.nextWith("new")).snapshot().clusters())
        .containsOnlyKeys("default:a", "default:new");
  }

  @Test
  void theSameConfigurationIsTakenOverWithoutAnEmptyOneBetween() throws Exception {
    rig.keep(folder, HOUR).serve("a");
    live("default:a");
    rig.start();

    await().until(() -> !rig.servesKept());
    await().until(() -> rig.told.stream().anyMatch(told -> !told.kept()));

    assertThat(rig.told)
        .allSatisfy(told -> assertThat(told.end("a")).isInstanceOf(Terminal.TcpProxy.class));
  }

  @Test
  void nothingIsWrittenWithoutAFolder() throws Exception {
    rig.serve("a");
    rig.start();
    rig.next();

    assertThat(folder).isEmptyDirectory();
    await() // for what another test may have left to write
        .untilAsserted(
            () ->
                assertThat(Thread.getAllStackTraces().keySet())
                    .noneMatch(thread -> thread.getName().equals("zoneproxy-last-known-good")));
  }

  @Test
  void privateKeysAreLeftOutAndTheirChainsWait() throws Exception {
    serveEnding();
    rig.keep(folder, HOUR);
    live("default:plain");
    assertThat(KeptFiles.contain(folder, KEY)).isFalse();
    rig.controlPlane.stop();

    rig.start();
    Told kept = rig.next();

    assertThat(kept.end("plain")).isInstanceOf(Terminal.TcpProxy.class);
    assertThat(kept.snapshot().secrets().toString()).doesNotContain(KEY);
    assertThat(kept.snapshot().secrets().get(SecretName.of(SECRET)))
        .isInstanceOfSatisfying(
            SecretSpec.Certificate.class,
            without -> assertThat(without.key().isLeftOut()).isTrue());
  }

  @Test
  void privateKeysComeBackFromAnEncryptedFile() throws Exception {
    Path key = Files.writeString(folder.resolve("key"), "0123456789abcdef".repeat(4));
    serveEnding();
    rig.keepEncrypted(folder, key);
    live("zoneproxy-last-known-good-1 aes");
    assertThat(KeptFiles.contain(folder, KEY)).isFalse();
    assertThat(KeptFiles.contain(folder, "default:plain")).isFalse();
    rig.controlPlane.stop();

    rig.start();

    assertThat(rig.next().snapshot().secrets()).containsKey(SecretName.of(SECRET));
  }

  private void serveEnding() {
    rig.serve("plain");
    FilterChain ending = Xds.ending(Xds.passthrough("ends", "default:plain", Map.of()), SECRET);
    rig.put(
        ResourceType.LISTENER,
        "l",
        Xds.listener(
            "l",
            Xds.address("127.0.0.1", 1),
            ending,
            Xds.passthrough("plain", "default:plain", Map.of())));
    rig.put(ResourceType.SECRET, SECRET, Xds.certificate(SECRET, "CHAIN", KEY));
  }

  @Test
  void chainsThatDecideAreClosedWhenItIsTooOld() throws Exception {
    serveEnding();
    rig.keep(folder, HOUR);
    live("default:plain");
    rig.controlPlane.stop();

    rig.keep(folder, Duration.ZERO).start();
    Told kept = rig.next();

    assertThat(kept.kept()).isTrue();
    assertThat(kept.end("plain")).isInstanceOf(Terminal.TcpProxy.class);
    assertThat(((Terminal.Refusal) kept.end("ends")).why()).contains("--last-known-good-max-age");
  }

  @Test
  void chainsThatDecideAreClosedOnceItBecomesTooOld() throws Exception {
    serveEnding();
    rig.keep(folder, HOUR);
    live("default:plain");
    rig.controlPlane.stop();

    rig.keep(folder, Duration.ofSeconds(4)).start();
    Told told = rig.next();
    while (!(told.end("ends") instanceof Terminal.Refusal)) {
      told = rig.next();
    }

    assertThat(told.end("plain")).isInstanceOf(Terminal.TcpProxy.class);
  }

  @Test
  void whatIsKeptServesOnWhenTheControlPlaneRefusesForGood() throws Exception {
    rig.keep(folder, HOUR).serve("a");
    live("default:a");
    rig.controlPlane.bootstraps.clear();
    rig.controlPlane.answerBootstraps(422, "A token is required");
    rig.start();
    assertThat(rig.next().kept()).isTrue();
    await().until(() -> rig.controlPlane.bootstraps.size() > 1);
    assertThat(rig.failed).isEmpty();
  }

  @Test
  void theBootstrapIsAskedForAsLongAsItServes() throws Exception {
    rig.keep(folder, HOUR).serve("a");
    live("default:a");
    rig.controlPlane.bootstraps.clear();
    rig.controlPlane.answerBootstraps(404, "");
    rig.budget(Duration.ofMillis(50));
    rig.start();
    assertThat(rig.next().kept()).isTrue();
    await().until(() -> rig.controlPlane.bootstraps.size() > 20);
    assertThat(rig.failed).isEmpty();

    rig.controlPlane.answerBootstraps(200, "");

    await().until(() -> !rig.servesKept());
  }

  @Test
  void whatIsNoLongerReadableIsPassedOver() throws Exception {
    rig.keep(folder, HOUR).serve("a");
    Files.writeString(folder.resolve("last-known-good-.e"), "something else");

    rig.start();

    assertThat(rig.next().kept()).isFalse();
    assertThat(rig.servesKept()).isFalse();
  }

  @Test
  void theLastChangeBeforeTheEndIsWritten() throws Exception {
    rig.keep(folder, HOUR).serve("a");
    ControlPlaneSession session = rig.start();
    rig.next();

    session.close(); // sooner than changes are written one after the other

    await().until(() -> KeptFiles.contain(folder, "default:a"));
  }
}
