package io.zoneproxy.egress.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.observe.ClusterStatus.EndpointStatus;
import io.zoneproxy.core.observe.ConnectionRecord;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.egress.e2e.KumaTexts.Instance;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files change under both proxies while connections stay open and new ones come all the time. */
final class HotReloadTest {
  private static final int STANDING = 200;
  private static final int CHANGES = 50;

  /** After so many changes the test waits until the last one is in force. */
  private static final int CHANGES_AT_ONCE = 5;

  /** What is promised for a change is 2 s; the machine may be busy. */
  private static final Duration SOON = Duration.ofSeconds(20);

  private static final String ECHO = TwoZones.tagged("echo");
  private static final byte[] HELLO = RawClient.hello(ECHO);
  private static final byte[] PING = "ping".getBytes(StandardCharsets.US_ASCII);

  private final EchoService service = new EchoService();
  private final EchoService other = new EchoService();
  private final TwoZones zones;
  private final Newcomers newcomers;
  private final List<RawClient> standing = new ArrayList<>();

  HotReloadTest(@TempDir Path folder) throws IOException {
    zones = TwoZones.in(folder).with(echo(1)).start();
    zones.ingress.watch();
    zones.egress.watch();
    for (int i = 0; i < STANDING; i++) {
      standing.add(RawClient.dial(zones.door(), ECHO));
    }
    for (RawClient client : standing) {
      assertThat(client.read(HELLO.length)).isEqualTo(HELLO);
    }
    newcomers = new Newcomers(zones.door());
  }

  @AfterEach
  void nothingWasDisturbed() throws Exception {
    newcomers.end();
    for (RawClient client : standing) {
      client.send(PING);
      assertThat(client.read(PING.length)).isEqualTo(PING);
      client.close();
    }
    await().until(() -> zones.openConnections() == 0);
    assertThat(newcomers.failures).isEmpty();
    assertThat(newcomers.served).hasPositiveValue();
    await()
        .untilAsserted(
            () -> assertThat(zones.egress.closed).hasSize(STANDING + newcomers.served.get()));
    assertThat(zones.egress.closed)
        .extracting(ConnectionRecord::reason)
        .containsOnly(CloseReason.DONE);
    assertThat(zones.ingress.closed)
        .extracting(ConnectionRecord::reason)
        .containsOnly(CloseReason.DONE);
    zones.close();
    service.close();
    other.close();
  }

  @Test
  void fiftyChangesUnderLoadDisturbNobody() {
    int before = newcomers.served.get();
    for (int change = 1; change <= CHANGES; change++) {
      int instances = 1 + change % 7;
      zones.east.put(TwoZones.WEST_FILE, zones.ingressWest(echoes(instances)));
      zones.west.put(TwoZones.DATAPLANES_FILE, TwoZones.dataplanes(echoes(instances)));
      if (change % CHANGES_AT_ONCE == 0) {
        await()
            .untilAsserted(
                () -> {
                  assertThat(weights(zones.egress)).isEqualTo(instances);
                  assertThat(endpoints(zones.ingress)).hasSize(Math.min(instances, 2));
                });
      }
    }
    assertThat(newcomers.served.get()).isGreaterThan(before);
    assertThat(zones.egress.problems).isEmpty();
    assertThat(zones.ingress.problems).isEmpty();
  }

  @Test
  void aServiceComesAndGoes() {
    Instance late = Instance.of("late", other.port());
    zones.west.put("late.yaml", TwoZones.dataplanes(List.of(late)));
    zones.east.put(TwoZones.WEST_FILE, zones.ingressWest(List.of(echo(1), late)));
    await().atMost(SOON).until(() -> answers("late"));
    assertThat(other.connections).hasPositiveValue();

    zones.east.put(TwoZones.WEST_FILE, zones.ingressWest(List.of(echo(1))));
    await().atMost(SOON).until(() -> !answers("late"));
    zones.west.remove("late.yaml");
    await()
        .untilAsserted(
            () ->
                assertThat(zones.ingress.proxy.view().snapshot().clusters())
                    .doesNotContainKey("default:late"));
    zones.egress.closed.removeIf(record -> !record.serverName().equals(ECHO)); // were asked for
    zones.ingress.closed.removeIf(record -> !record.serverName().equals(ECHO));
  }

  @Test
  void aBrokenFileIsNamedWhileOthersApply() {
    zones.east.put("zones.yaml", "type: Zone\nname: west\nenabled: perhaps\n");
    zones.east.put(TwoZones.WEST_FILE, zones.ingressWest(echoes(3)));
    await().atMost(SOON).until(() -> weights(zones.egress) == 3);
    assertThat(zones.egress.problems)
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.severity()).isEqualTo(Problem.Severity.ERROR);
              assertThat(problem.toString())
                  .endsWith(
                      "zones.yaml:3 (document 1): enabled: perhaps (expected: true or false)");
            });

    // Mended, it counts again: a zone that is disabled has no clusters here.
    zones.east.put("zones.yaml", KumaTexts.zone("west", true));
    zones.east.put(TwoZones.WEST_FILE, zones.ingressWest(echoes(2)));
    await().atMost(SOON).until(() -> weights(zones.egress) == 2);
    assertThat(zones.egress.problems).hasSize(1);
  }

  @Test
  void aFileThatIsNoYamlAnyMoreKeepsItsLastGoodContent() {
    zones.east.put(TwoZones.WEST_FILE, "availableServices: [");
    await().atMost(SOON).until(() -> !zones.egress.problems.isEmpty());
    assertThat(zones.egress.problems)
        .allSatisfy(problem -> assertThat(problem.toString()).contains(TwoZones.WEST_FILE));
    assertThat(weights(zones.egress)).isEqualTo(1);
    int before = newcomers.served.get();
    await().until(() -> newcomers.served.get() > before);
  }

  private boolean answers(String name) throws IOException {
    byte[] hello = RawClient.hello(TwoZones.tagged(name));
    try (RawClient client = RawClient.dial(zones.door()).send(hello)) {
      return client.read(hello.length).length == hello.length;
    }
  }

  /** So many instances; on two ports, for there are two services. */
  private List<Instance> echoes(int count) {
    return IntStream.rangeClosed(1, count).mapToObj(this::echo).toList();
  }

  private Instance echo(int number) {
    int port = number == 1 ? service.port() : other.port();
    return new Instance("default", "echo-" + number, "echo", Map.of(), port);
  }

  private static int weights(RunningProxy proxy) {
    return endpoints(proxy).stream().mapToInt(EndpointStatus::weight).sum();
  }

  private static List<EndpointStatus> endpoints(RunningProxy proxy) {
    return proxy.proxy.view().clusters().stream()
        .filter(cluster -> cluster.name().equals("default:echo"))
        .flatMap(cluster -> cluster.endpoints().stream())
        .toList();
  }

  /** Connects, has its ClientHello echoed, ends, and does it again. */
  private static final class Newcomers {
    final AtomicInteger served = new AtomicInteger();
    final List<String> failures = new CopyOnWriteArrayList<>();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final InetSocketAddress door;
    private final Thread thread = new Thread(this::run, "newcomers");

    Newcomers(InetSocketAddress door) {
      this.door = door;
      thread.setDaemon(true);
      thread.start();
    }

    private void run() {
      while (!ended.get()) {
        try (RawClient client = RawClient.dial(door).send(HELLO)) {
          client.socket.shutdownOutput();
          if (Arrays.equals(client.readToTheEnd(), HELLO)) {
            served.incrementAndGet();
          } else {
            failures.add("not all came back");
          }
        } catch (IOException e) {
          failures.add(e.toString());
        }
      }
    }

    void end() throws InterruptedException {
      ended.set(true);
      thread.join();
    }
  }
}
