package io.zoneproxy.egress.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The whole demo, with forwarders in the place of the proxies. */
final class DemoTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, UTF_8);
  private final CountDownLatch stop = new CountDownLatch(1);
  private final List<DemoWorld> worlds = new CopyOnWriteArrayList<>();

  @Test
  void onceSendsEverythingPrintsTheTableAndEndsWithZero() {
    int code = Demo.run(once(40), out, remembering(ForwardingProxies::start), stop);

    assertThat(code).as(output()).isZero();
    assertThat(output())
        .contains("east -> west: 20 requests, 20 answered rightly, 0 failed")
        .contains("west -> east: 20 requests, 20 answered rightly, 0 failed")
        .contains("every request was answered rightly");
  }

  @Test
  void onceEndsWithOneWhenARequestWasNotAnswered() {
    int code =
        Demo.run(once(12), out, ForwardingProxies.without("echo{mesh=default,version=v2}"), stop);

    assertThat(code).isEqualTo(1);
    assertThat(output()).contains("NOT every request").contains("echo{mesh=default,version=v2}");
  }

  @Test
  void leavesNothingBehind() {
    Set<Thread> before = new HashSet<>(Thread.getAllStackTraces().keySet());
    Demo.run(once(10), out, remembering(ForwardingProxies::start), stop);

    assertThat(world().folder()).doesNotExist();
    for (DemoWorld.Instance instance : world().instances()) {
      assertClosed(new InetSocketAddress(InetAddress.getLoopbackAddress(), instance.port()));
    }
    ForwardingProxies.doors(world()).forEach(DemoTest::assertClosed);
    assertClosed(new InetSocketAddress(InetAddress.getLoopbackAddress(), page().getPort()));
    await()
        .untilAsserted(
            () ->
                assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> !before.contains(thread))
                    .extracting(Thread::getName)
                    .noneMatch(name -> name.startsWith("demo-")));
  }

  @Test
  void runsUntilItIsStopped() throws Exception {
    CompletableFuture<Integer> code = inBackground(ForwardingProxies::start);
    await().until(() -> output().contains("ctrl-c"));

    // Everything is there while it runs: the page, the folder, the commands, traffic.
    try (Socket browser = new Socket(InetAddress.getLoopbackAddress(), page().getPort())) {
      assertThat(browser.isConnected()).isTrue();
    }
    Path folder = world().folder();
    assertThat(folder.resolve("client.key")).exists();
    assertThat(world().resources("east")).isNotEmptyDirectory();
    assertThat(output()).contains("curl ").contains("openssl s_client");

    stop.countDown();
    assertThat(code.get(20, TimeUnit.SECONDS)).isZero();
    assertThat(folder).doesNotExist();
  }

  @Test
  void keepsSendingAndTellsWhenANameFailsAndWorksAgain() throws Exception {
    AtomicBoolean broken = new AtomicBoolean();
    CompletableFuture<Integer> code =
        inBackground((candidate, seen) -> new Breakable(candidate, seen, broken));
    await().until(() -> output().contains("ctrl-c"));

    broken.set(true);
    await().until(() -> output().contains(" fails: "));
    broken.set(false);
    await().until(() -> output().contains(" works again"));

    stop.countDown();
    assertThat(code.get(20, TimeUnit.SECONDS)).isZero();
  }

  @Test
  void aStopDuringTheFirstRequestsEndsIt() throws Exception {
    stop.countDown();

    assertThat(inBackground(ForwardingProxies::start).get(20, TimeUnit.SECONDS)).isZero();
    assertThat(world().folder()).doesNotExist();
  }

  @Test
  void onceIsNotGoodWhenItWasStopped() {
    stop.countDown();

    assertThat(Demo.run(once(10), out, ForwardingProxies::start, stop)).isEqualTo(1);
  }

  @Test
  void choosesOtherPortsWhenOneIsTaken() {
    AtomicInteger attempts = new AtomicInteger();
    Set<DemoWorld.Doors> doors = new HashSet<>();
    DemoZoneProxies.Factory factory =
        (candidate, seen) -> {
          doors.add(candidate.doors("east"));
          if (attempts.incrementAndGet() < 3) {
            throw new BindException("Address already in use");
          }
          return ForwardingProxies.start(candidate, seen);
        };

    assertThat(Demo.run(once(4), out, factory, stop)).as(output()).isZero();
    assertThat(doors).hasSize(3);
  }

  @Test
  void saysInOneLineWhyItCannotStartAndDeletesItsFolder() {
    DemoZoneProxies.Factory factory =
        (candidate, seen) -> {
          worlds.add(candidate);
          throw new IOException("no proxies today");
        };

    assertThat(Demo.run(once(4), out, factory, stop)).isEqualTo(1);
    assertThat(output()).isEqualTo("demo: no proxies today" + System.lineSeparator());
    assertThat(world().folder()).doesNotExist();
  }

  @Test
  void anInterruptEndsItAndIsKept() {
    DemoZoneProxies.Factory factory =
        (candidate, seen) -> {
          worlds.add(candidate);
          Thread.currentThread().interrupt();
          return ForwardingProxies.start(candidate, seen);
        };

    assertThat(Demo.run(once(4), out, factory, stop)).isEqualTo(1);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(world().folder()).doesNotExist();
  }

  @Test
  void theKeyIsNeverPrinted() throws Exception {
    List<String> key = new CopyOnWriteArrayList<>();
    DemoZoneProxies.Factory factory =
        (candidate, seen) -> {
          key.addAll(Files.readAllLines(candidate.folder().resolve("client.key")));
          return ForwardingProxies.start(candidate, seen);
        };
    Demo.run(once(4), out, factory, stop);

    assertThat(output()).doesNotContain("PRIVATE KEY").doesNotContain(key.get(1));
  }

  private static DemoOptions once(int requests) {
    return new DemoOptions(true, requests);
  }

  private CompletableFuture<Integer> inBackground(DemoZoneProxies.Factory factory) {
    DemoOptions options = new DemoOptions(false, 10);
    return CompletableFuture.supplyAsync(() -> Demo.run(options, out, remembering(factory), stop));
  }

  private DemoZoneProxies.Factory remembering(DemoZoneProxies.Factory factory) {
    return (candidate, seen) -> {
      worlds.add(candidate);
      return factory.start(candidate, seen);
    };
  }

  private DemoWorld world() {
    return worlds.get(worlds.size() - 1);
  }

  private String output() {
    return bytes.toString(UTF_8);
  }

  private URI page() {
    Matcher url = Pattern.compile("http://127\\.0\\.0\\.1:\\d+/").matcher(output());
    assertThat(url.find()).as(output()).isTrue();
    return URI.create(url.group());
  }

  private static void assertClosed(InetSocketAddress address) {
    assertThatThrownBy(
            () -> {
              try (Socket socket = new Socket()) {
                socket.connect(address, 1000);
              }
            })
        .isInstanceOf(IOException.class);
  }

  /** Points at a door where nobody listens while it is broken. */
  private static final class Breakable implements DemoZoneProxies {
    private final DemoZoneProxies whole;
    private final AtomicBoolean broken;

    Breakable(DemoWorld world, DemoConnections seen, AtomicBoolean broken) throws IOException {
      this.whole = ForwardingProxies.start(world, seen);
      this.broken = broken;
    }

    @Override
    public InetSocketAddress egress(String zone) {
      // Port 1 (tcpmux) is below what any test may bind.
      return broken.get()
          ? new InetSocketAddress(InetAddress.getLoopbackAddress(), 1)
          : whole.egress(zone);
    }

    @Override
    public InetSocketAddress ingress(String zone) {
      return whole.ingress(zone);
    }

    @Override
    public boolean egressTakesHashedNames() {
      return true;
    }

    @Override
    public void close() {
      whole.close();
    }
  }
}
