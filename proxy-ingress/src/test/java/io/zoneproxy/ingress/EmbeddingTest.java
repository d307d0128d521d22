package io.zoneproxy.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.zoneproxy.core.config.DrainConfig;
import io.zoneproxy.core.config.ProxyConfig;
import io.zoneproxy.core.listener.BindException;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.observe.ConnectionRecord;
import io.zoneproxy.core.observe.ProxyView;
import io.zoneproxy.core.relay.TestUpstream;
import io.zoneproxy.ingress.launch.Launcher;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ingresses inside another JVM program. */
final class EmbeddingTest {
  private final Set<Thread> before = threads();
  private final Path temporary;
  private final Zone east;
  private final Zone west;
  private final TestUpstream inEast = new TestUpstream(socket -> Zone.greet(socket, "from east"));
  private final TestUpstream inWest = new TestUpstream(socket -> Zone.greet(socket, "from west"));

  EmbeddingTest(@TempDir Path temporary) throws IOException {
    this.temporary = temporary;
    east = Zone.in(temporary, "east");
    west = Zone.in(temporary, "west");
  }

  @BeforeEach
  void eachZoneHasAService() throws IOException {
    east.runs("echo", inEast.address().port());
    west.runs("echo", inWest.address().port());
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    inEast.close();
    inWest.close();
    await().untilAsserted(() -> assertThat(threads()).isSubsetOf(before));
  }

  @Test
  @SuppressWarnings("try") // the first is closed early, and closing twice is allowed
  void twoOfThemLiveInOneJvm() throws Exception {
    try (ZoneIngress one = builder(east).start();
        ZoneIngress other = builder(west).concurrency(2).start()) {
      assertThat(one.address().getPort()).isNotEqualTo(other.address().getPort()).isPositive();
      assertThat(Zone.ask(one.address(), "echo")).isEqualTo("from east");
      assertThat(Zone.ask(other.address(), "echo")).isEqualTo("from west");
      assertThat(one.view().listeners().get(0).stats().total.sum()).isEqualTo(1);
      assertThat(other.view().listeners().get(0).stats().total.sum()).isEqualTo(1);
      assertThat(one.view().server()).isNotSameAs(other.view().server());

      one.close();
      assertThat(Zone.ask(other.address(), "echo")).isEqualTo("from west");
    }
  }

  @Test
  void oneOnSharedLoopsLeavesThemRunning() throws Exception {
    EventLoopGroup shared =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("shared", true), NioIoHandler.newFactory());
    try {
      ZoneIngress one = builder(east).eventLoops(shared).start();
      ZoneIngress other = builder(west).eventLoops(shared).start();
      try (one;
          other;
          Socket open = Zone.dial(one.address(), "echo")) {
        assertThat(Zone.line(open)).isEqualTo("from east");
        one.close();
        await().until(() -> one.openConnections() == 0);
        assertThat(Zone.ask(other.address(), "echo")).isEqualTo("from west");
      }
      assertThat(shared.submit(() -> "still there").get(20, TimeUnit.SECONDS))
          .isEqualTo("still there");
      assertThat(shared.isShuttingDown()).isFalse();
    } finally {
      shared.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
  }

  @Test
  void reloadTakesOverWhatIsGoodAndTellsTheRest() throws Exception {
    try (ZoneIngress ingress = builder(east).start();
        Socket open = Zone.dial(ingress.address(), "echo")) {
      assertThat(Zone.line(open)).isEqualTo("from east");
      assertThat(Zone.ask(ingress.address(), "late")).isEmpty();

      east.runs("late", inWest.address().port());
      assertThat(ingress.reload()).isEmpty();
      assertThat(Zone.ask(ingress.address(), "late")).isEqualTo("from west");

      east.write("echo.yaml", "type: Dataplane\nmesh: default\nname: echo-1\nnetworking: 7\n");
      east.runs("later", inWest.address().port());
      assertThat(ingress.reload())
          .singleElement()
          .asString()
          .contains("echo.yaml:4", "networking: 7");
      assertThat(Zone.ask(ingress.address(), "echo")).isEqualTo("from east");
      assertThat(Zone.ask(ingress.address(), "later")).isEqualTo("from west");

      open.getOutputStream().write("still open\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(Zone.line(open)).isEqualTo("still open");
    }
  }

  @Test
  void tellsTheObserverOfEveryEnd() throws Exception {
    List<ConnectionRecord> closed = new CopyOnWriteArrayList<>();
    try (ZoneIngress ingress = builder(east).observer(closed::add).start()) {
      assertThat(Zone.ask(ingress.address(), "echo")).isEqualTo("from east");
      assertThat(Zone.ask(ingress.address(), "ghost")).isEmpty();
      await().until(() -> closed.size() == 2);
    }
    assertThat(closed)
        .extracting(ConnectionRecord::reason)
        .containsExactlyInAnyOrder(CloseReason.DONE, CloseReason.NO_ROUTE);
  }

  @Test
  void drainWaitsForWhoIsStillThere() throws Exception {
    try (ZoneIngress ingress = builder(east).config(draining(Duration.ofMinutes(1))).start();
        Socket open = Zone.dial(ingress.address(), "echo")) {
      assertThat(Zone.line(open)).isEqualTo("from east");
      CompletableFuture<Integer> drained = ingress.drain();
      assertThat(ingress.view().state()).isEqualTo(ProxyView.State.DRAINING);
      await().until(() -> ingress.view().listeners().isEmpty());
      assertThat(drained).isNotDone();

      open.shutdownOutput();
      assertThat(drained.get(20, TimeUnit.SECONDS)).isZero();
    }
  }

  @Test
  void drainCutsWhoDoesNotGo() throws Exception {
    List<ConnectionRecord> closed = new CopyOnWriteArrayList<>();
    try (ZoneIngress ingress =
            builder(east).config(draining(Duration.ofMillis(500))).observer(closed::add).start();
        Socket open = Zone.dial(ingress.address(), "echo")) {
      assertThat(Zone.line(open)).isEqualTo("from east");
      assertThat(ingress.drain().get(20, TimeUnit.SECONDS)).isEqualTo(1);
      await().until(() -> closed.size() == 1);
      assertThat(closed.get(0).reason()).isEqualTo(CloseReason.DRAINED);
    }
  }

  @Test
  void aWrongOwnResourceIsNamedByField() {
    assertThatExceptionOfType(InvalidResourcesException.class)
        .isThrownBy(() -> builder(east).resource(east.ingress(99_999)).start())
        .withMessageContaining("the own resource:3")
        .withMessageContaining("networking.port: 99999 (expected: 1 to 65535)");
    assertThatExceptionOfType(InvalidResourcesException.class)
        .isThrownBy(
            () -> builder(east).resource(east.ingress().replace("Ingress", "Egress")).start())
        .withMessageContaining("is a ZoneEgress (expected: ZoneIngress");
  }

  @Test
  void wrongResourcesAreNamedByFileAndFieldAllAtOnce() throws IOException {
    Path one = east.write("one.yaml", "type: Zone\nname: west\nenabled: perhaps\n");
    Path two = east.write("two.yaml", "type: Mesh\nname: m\nrouting: {zoneEgress: 1}\n");
    assertThatExceptionOfType(InvalidResourcesException.class)
        .isThrownBy(() -> builder(east).start())
        .withMessageContaining(one + ":3 (document 1): enabled: perhaps")
        .withMessageContaining(two + ":3 (document 1): routing.zoneEgress: 1");
  }

  @Test
  void anAddressInUseIsSaidAndNothingIsLeft() throws Exception {
    try (ZoneIngress first = builder(east).start()) {
      assertThatExceptionOfType(BindException.class)
          .isThrownBy(() -> builder(west).resource(west.ingress(first.address().getPort())).start())
          .withMessageContaining(String.valueOf(first.address().getPort()));
      assertThat(Zone.ask(first.address(), "echo")).isEqualTo("from east");
    }
  }

  @Test
  void whatIsMissingOnTheBuilderIsNamed() {
    assertThatIllegalStateException()
        .isThrownBy(() -> ZoneIngress.builder().zone("east").resources(temporary).start())
        .withMessageContaining("resource(");
    assertThatIllegalStateException()
        .isThrownBy(() -> ZoneIngress.builder().zone("east").resource(east.ingress()).start())
        .withMessageContaining("resources(");
  }

  @Test
  void onlyTheCommandLineEndsTheProcess() throws Exception {
    Path classes = classes();
    try (Stream<Path> all = Files.walk(classes)) {
      assertThat(all.filter(file -> file.toString().endsWith(".class")))
          .hasSizeGreaterThan(20)
          .filteredOn(EmbeddingTest::endsTheProcess)
          .isNotEmpty()
          .allSatisfy(
              file ->
                  assertThat(classes.relativize(file).toString())
                      .matches("io/zoneproxy/ingress/(IngressMain|launch/.*)\\.class"));
    }
  }

  private static Path classes() throws URISyntaxException {
    URI source = Launcher.class.getProtectionDomain().getCodeSource().getLocation().toURI();
    return Path.of(source);
  }

  /** Names of methods stand in a class file as they are. */
  private static boolean endsTheProcess(Path file) {
    try {
      String constants = Files.readString(file, StandardCharsets.ISO_8859_1);
      return Stream.of("exit", "halt")
          .anyMatch(name -> constants.contains("\1\0" + (char) name.length() + name));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static ZoneIngress.Builder builder(Zone zone) {
    return ZoneIngress.builder()
        .zone(zone.name())
        .resource(zone.ingress())
        .resources(zone.folder())
        .concurrency(1);
  }

  private static ProxyConfig draining(Duration time) {
    ProxyConfig base = ProxyConfig.withMaxConnections(100);
    return new ProxyConfig(
        base.hello(),
        base.relay(),
        base.limits(),
        new DrainConfig(time, Duration.ZERO),
        base.removal());
  }

  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("zoneproxy"))
        .collect(Collectors.toSet());
  }
}
