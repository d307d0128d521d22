package io.zoneproxy.core.runtime;

import static io.zoneproxy.core.model.Specs.anyPort;
import static io.zoneproxy.core.model.Specs.chain;
import static io.zoneproxy.core.model.Specs.cluster;
import static io.zoneproxy.core.model.Specs.listener;
import static io.zoneproxy.core.model.Specs.snapshot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zoneproxy.core.config.ProxyConfig;
import io.zoneproxy.core.listener.BindException;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.observe.ClusterStatus;
import io.zoneproxy.core.observe.ListenerStatus;
import io.zoneproxy.core.observe.ProxyView.State;
import io.zoneproxy.core.relay.FreePort;
import io.zoneproxy.core.relay.TestProxy;
import io.zoneproxy.core.relay.TestUpstream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Applying one configuration after another, on real sockets. */
final class ProxyRuntimeTest {
  private static final int MANY = 2000;

  private TestProxy proxy;
  private TestUpstream upstream;

  @BeforeEach
  void start() throws IOException {
    proxy = new TestProxy(ProxyConfig.withMaxConnections(10_000), 2);
    upstream = new TestUpstream(TestUpstream.ECHO);
  }

  @AfterEach
  void close() throws IOException {
    proxy.close();
    upstream.close();
  }

  private static Socket dial(int port, String serverName) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(20_000);
    socket.getOutputStream().write((serverName + "\n").getBytes(StandardCharsets.UTF_8));
    return socket;
  }

  private static void talk(int port, String serverName) throws IOException {
    try (Socket socket = dial(port, serverName)) {
      socket.shutdownOutput();
      assertThat(socket.getInputStream().readAllBytes())
          .asString(StandardCharsets.UTF_8)
          .isEqualTo(serverName + "\n");
    }
  }

  private int port(String listener) {
    return proxy.runtime.listeners().stream()
        .filter(status -> status.name().equals(listener))
        .map(ListenerStatus::address)
        .findFirst()
        .orElseThrow()
        .getPort();
  }

  private ProxySnapshot toUpstream(ListenerSpec... listeners) {
    return snapshot(List.of(listeners), cluster("c", List.of(upstream.address())));
  }

  @Test
  void isReadyWithTheFirstConfigurationAnEmptyOneIncluded() {
    assertThat(proxy.runtime.state()).isEqualTo(State.INITIALIZING);
    assertThat(proxy.runtime.snapshot()).isSameAs(ProxySnapshot.EMPTY);
    proxy.apply(ProxySnapshot.EMPTY);
    assertThat(proxy.runtime.state()).isEqualTo(State.LIVE);
    assertThat(proxy.server.configApplied.sum()).isEqualTo(1);
    assertThat(proxy.server.configAppliedAtMillis.get()).isPositive();
  }

  @Test
  void losesNoConnectionThatWaitsWhileTheSameListenerGetsOtherChains() throws Exception {
    proxy.apply(toUpstream(listener("l", anyPort(), chain("a", "c"))));
    int port = port("l");
    List<Socket> waiting = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      waiting.add(new Socket(InetAddress.getLoopbackAddress(), port));
    }
    ProxySnapshot next = toUpstream(listener("l", anyPort(), chain("b", "c"), chain("a", "c")));
    proxy.apply(next);
    assertThat(port("l")).isEqualTo(port);
    assertThat(proxy.runtime.snapshot()).isSameAs(next);
    for (Socket socket : waiting) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(new byte[] {'b', '\n'});
      assertThat(socket.getInputStream().read()).isEqualTo('b');
      socket.close();
    }
  }

  @Test
  void opensANewListenerAndClosesARemovedOne() throws Exception {
    proxy.apply(toUpstream(listener("one", anyPort(), chain("a", "c"))));
    int one = port("one");
    proxy.apply(
        toUpstream(
            listener("one", anyPort(), chain("a", "c")),
            listener("two", anyPort(), chain("b", "c"))));
    int two = port("two");
    talk(one, "a");
    talk(two, "b");
    proxy.apply(toUpstream(listener("two", anyPort(), chain("b", "c"))));
    assertThatThrownBy(() -> dial(one, "a")).isInstanceOf(ConnectException.class);
    talk(two, "b");
    assertThat(proxy.runtime.listeners()).extracting(ListenerStatus::name).containsExactly("two");
  }

  @Test
  void movesAListenerToAnotherAddressAndKeepsItsCounters() throws Exception {
    proxy.apply(toUpstream(listener("l", anyPort(), chain("a", "c"))));
    int before = port("l");
    talk(before, "a");
    int free = FreePort.onLoopback();
    try (Socket live = dial(before, "a")) {
      assertThat(live.getInputStream().readNBytes(2)).hasSize(2);
      proxy.apply(toUpstream(listener("l", new HostPort("127.0.0.1", free), chain("a", "c"))));
      assertThat(port("l")).isEqualTo(free);
      assertThatThrownBy(() -> dial(before, "a")).isInstanceOf(ConnectException.class);
      live.getOutputStream().write('x');
      assertThat(live.getInputStream().read()).isEqualTo('x');
    }
    talk(free, "a");
    assertThat(proxy.runtime.listeners().get(0).stats().total.sum()).isEqualTo(3);
  }

  @Test
  void changesNothingWhenAnAddressCannotBeListenedOn() throws Exception {
    ProxySnapshot good = toUpstream(listener("l", anyPort(), chain("a", "c")));
    proxy.apply(good);
    int port = port("l");
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      HostPort taken = new HostPort("127.0.0.1", other.getLocalPort());
      HostPort free = new HostPort("127.0.0.1", FreePort.onLoopback());
      ProxySnapshot bad =
          snapshot(
              List.of(
                  listener("l", anyPort(), chain("b", "d")),
                  listener("new", free, chain("a", "d")),
                  listener("taken", taken)),
              cluster("d", List.of(TestUpstream.refusing())));
      assertThatThrownBy(() -> proxy.runtime.apply(bad))
          .isInstanceOf(BindException.class)
          .hasMessageContaining("listener taken");
      assertThatThrownBy(() -> dial(free.port(), "a")).isInstanceOf(ConnectException.class);
    }
    assertUnchanged(good, port);
  }

  @Test
  void changesNothingWhenTwoChainsTakeOneName() throws Exception {
    ProxySnapshot good = toUpstream(listener("l", anyPort(), chain("a", "c")));
    proxy.apply(good);
    int port = port("l");
    HostPort free = new HostPort("127.0.0.1", FreePort.onLoopback());
    ProxySnapshot bad =
        snapshot(
            List.of(
                listener("l", anyPort(), chain("b", "d")),
                listener("new", free),
                listener("twice", anyPort(), chain("x", "d"), chain("X", "d"))),
            cluster("d", List.of()));
    assertThatThrownBy(() -> proxy.runtime.apply(bad))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("server name x");
    assertThatThrownBy(() -> dial(free.port(), "a")).isInstanceOf(ConnectException.class);
    assertUnchanged(good, port);
  }

  private void assertUnchanged(ProxySnapshot good, int port) throws IOException {
    talk(port, "a");
    assertThat(proxy.runtime.snapshot()).isSameAs(good);
    assertThat(proxy.runtime.clusters()).extracting(ClusterStatus::name).containsExactly("c");
    assertThat(proxy.runtime.listeners()).extracting(ListenerStatus::name).containsExactly("l");
    assertThat(proxy.server.configApplied.sum()).isEqualTo(1);
  }

  @Test
  void dropsClustersThatAreGoneAndKeepsTheCountersOfThoseThatStay() throws Exception {
    ListenerSpec both = listener("l", anyPort(), chain("a", "c"), chain("b", "d"));
    proxy.apply(
        snapshot(
            List.of(both),
            cluster("c", List.of(upstream.address())),
            cluster("d", List.of(upstream.address()))));
    talk(port("l"), "a");
    await().until(() -> proxy.closed.size() == 1);
    proxy.apply(
        snapshot(
            List.of(listener("l", anyPort(), chain("a", "c"))),
            cluster("c", List.of(upstream.address(), TestUpstream.refusing()))));
    assertThat(proxy.runtime.clusters()).extracting(ClusterStatus::name).containsExactly("c");
    assertThat(proxy.runtime.clusters().get(0).endpoints().get(0).total()).isEqualTo(1);
    assertThat(proxy.runtime.clusters().get(0).endpoints()).hasSize(2);
  }

  @Test
  void routesEachNameToItsOwnClusterThroughManyUpdates() throws Exception {
    try (TestUpstream left = new TestUpstream(answer("left"));
        TestUpstream right = new TestUpstream(answer("right"))) {
      for (int i = 0; i < 30; i++) {
        // The clusters change places each time; the names do not.
        String leftCluster = i % 2 == 0 ? "c" : "d";
        String rightCluster = i % 2 == 0 ? "d" : "c";
        proxy.apply(
            snapshot(
                List.of(
                    listener(
                        "l", anyPort(), chain("left", leftCluster), chain("right", rightCluster))),
                cluster(leftCluster, List.of(left.address())),
                cluster(rightCluster, List.of(right.address()))));
        assertAnswer("left");
        assertAnswer("right");
      }
    }
  }

  private static TestUpstream.Behaviour answer(String text) {
    return socket -> {
      TestUpstream.readLine(socket);
      socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    };
  }

  private void assertAnswer(String name) throws IOException {
    try (Socket socket = dial(port("l"), name)) {
      assertThat(socket.getInputStream().readAllBytes())
          .asString(StandardCharsets.UTF_8)
          .isEqualTo(name);
    }
  }

  @Test
  void opensNothingAnyMoreOnceTheListenersWereClosed() throws Exception {
    proxy.apply(toUpstream(listener("l", anyPort(), chain("a", "c"))));
    int port = port("l");
    proxy.runtime.closeListeners();
    proxy.apply(
        toUpstream(
            listener("l", anyPort(), chain("a", "c")), listener("m", anyPort(), chain("a", "c"))));
    assertThat(proxy.runtime.listeners()).isEmpty();
    assertThatThrownBy(() -> dial(port, "a")).isInstanceOf(ConnectException.class);
  }

  @Test
  void serves2000ConnectionsWhileUpdatesComeFromTwoThreads() throws Exception {
    ProxySnapshot one = toUpstream(listener("l", anyPort(), chain("a", "c")));
    ProxySnapshot two =
        snapshot(
            List.of(
                listener("l", anyPort(), chain("a", "c"), chain("b", "d")),
                listener("m", anyPort(), chain("b", "d"))),
            cluster("c", List.of(upstream.address(), upstream.address())),
            cluster("d", List.of()));
    proxy.apply(one);
    int port = port("l");
    AtomicBoolean over = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    List<Socket> open = new ArrayList<>();
    try {
      List<Future<Integer>> updates = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        updates.add(threads.submit(() -> applyUntil(over, one, two)));
      }
      for (int i = 0; i < MANY; i++) {
        open.add(dial(port, "a"));
      }
      for (Socket socket : open) {
        assertThat(socket.getInputStream().readNBytes(2)).isEqualTo(new byte[] {'a', '\n'});
      }
      over.set(true);
      for (Future<Integer> each : updates) {
        assertThat(each.get()).isPositive();
      }
      assertThat(proxy.runtime.openConnections()).isEqualTo(MANY);
    } finally {
      over.set(true);
      threads.shutdown();
      for (Socket socket : open) {
        socket.close();
      }
    }
    assertThat(proxy.closed).allMatch(closed -> closed.bytesDown() == 2);
  }

  private int applyUntil(AtomicBoolean over, ProxySnapshot one, ProxySnapshot two)
      throws BindException {
    int applied = 0;
    while (!over.get()) {
      proxy.runtime.apply(applied++ % 2 == 0 ? two : one);
    }
    return applied;
  }

  @Test
  void closesEverythingAtOnce() throws Exception {
    proxy.route(Map.of("a", List.of(upstream.address())));
    int port = proxy.port();
    try (Socket live = dial(port, "a")) {
      assertThat(live.getInputStream().read()).isEqualTo('a');
      proxy.runtime.close();
      assertThat(proxy.runtime.state()).isEqualTo(State.DRAINING);
      assertThatThrownBy(() -> dial(port, "a")).isInstanceOf(ConnectException.class);
      await().until(() -> proxy.runtime.openConnections() == 0);
    }
  }
}
