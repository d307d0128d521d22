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
import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.TransportProtocol;
import io.zoneproxy.core.observe.ListenerStatus;
import io.zoneproxy.core.observe.ProxyView;
import io.zoneproxy.core.relay.FreePort;
import io.zoneproxy.core.relay.TestProxy;
import io.zoneproxy.core.relay.TestUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Updates of which a part cannot be done, on real sockets. */
final class PartialApplyTest {
  private TestProxy proxy;
  private TestUpstream upstream;

  @BeforeEach
  void start() throws IOException {
    proxy = new TestProxy(ProxyConfig.withMaxConnections(100), 2);
    upstream = new TestUpstream(TestUpstream.ECHO);
  }

  @AfterEach
  void close() throws IOException {
    proxy.close();
    upstream.close();
  }

  private ProxySnapshot of(ListenerSpec... listeners) {
    return snapshot(List.of(listeners), cluster("c", List.of(upstream.address())));
  }

  private Socket greet(int port, String name) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(20_000);
    socket.getOutputStream().write((name + "\n").getBytes(StandardCharsets.UTF_8));
    assertThat(socket.getInputStream().readNBytes(name.length() + 1)).hasSize(name.length() + 1);
    return socket;
  }

  private static void echo(Socket socket) throws IOException {
    socket.getOutputStream().write('x');
    assertThat(socket.getInputStream().read()).isEqualTo('x');
  }

  private int port(String name) {
    return proxy.runtime.listeners().stream()
        .filter(one -> one.name().equals(name))
        .map(ListenerStatus::address)
        .findFirst()
        .orElseThrow()
        .getPort();
  }

  @Test
  void servesTheOthersAndTriesTheBusyAddressAgain() throws Exception {
    HostPort taken;
    try (ServerSocket other =
        new ServerSocket(FreePort.onLoopback(), 1, InetAddress.getLoopbackAddress())) {
      taken = new HostPort("127.0.0.1", other.getLocalPort());
      ProxySnapshot next =
          of(
              listener("busy", taken, chain("a", "c")),
              listener("good", anyPort(), chain("a", "c")));
      assertThat(proxy.runtime.applyPartly(next))
          .hasEntrySatisfying(
              "busy", text -> assertThat(text).contains("listener busy").contains("in use"))
          .hasSize(1);
      greet(port("good"), "a").close();
      assertThat(proxy.runtime.unbound()).containsOnlyKeys("busy");
      assertThat(proxy.runtime.snapshot()).isSameAs(next);
      assertThat(proxy.runtime.applyPartly(next)).containsOnlyKeys("busy");
    }
    await().atMost(Duration.ofSeconds(20)).until(() -> proxy.runtime.unbound().isEmpty());
    greet(taken.port(), "a").close();
  }

  @Test
  void staysAtItsAddressWhenTheNextOneIsBusy() throws Exception {
    proxy.runtime.applyPartly(of(listener("l", anyPort(), chain("a", "c"))));
    int before = port("l");
    try (ServerSocket other =
            new ServerSocket(FreePort.onLoopback(), 1, InetAddress.getLoopbackAddress());
        Socket live = greet(before, "a")) {
      HostPort taken = new HostPort("127.0.0.1", other.getLocalPort());
      assertThat(proxy.runtime.applyPartly(of(listener("l", taken, chain("b", "c")))))
          .containsOnlyKeys("l");
      greet(before, "b").close(); // with the new chains
      echo(live);
    }
  }

  @Test
  void givesAnAddressToAListenerOfAnotherNameAndLosesNoConnection() throws Exception {
    HostPort address = TestUpstream.refusing();
    proxy.runtime.applyPartly(of(listener("inbound:old", address, chain("a", "c"))));
    try (Socket live = greet(address.port(), "a")) {
      ProxySnapshot renamed = of(listener("self_inbound", address, chain("a", "c")));
      assertThat(proxy.runtime.applyPartly(renamed)).isEmpty();
      greet(address.port(), "a").close();
      echo(live);
    }
    assertThat(proxy.runtime.listeners())
        .extracting(ListenerStatus::name)
        .containsExactly("self_inbound");
  }

  @Test
  void changesNothingWhenAListenerCannotBeRead() throws Exception {
    ProxySnapshot good = of(listener("l", anyPort(), chain("a", "c")));
    proxy.runtime.applyPartly(good);
    assertThatThrownBy(
            () ->
                proxy.runtime.applyPartly(
                    of(listener("l", anyPort(), chain("a", "c"), chain("A", "c")))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(proxy.runtime.snapshot()).isSameAs(good);
    assertThat(proxy.server.config.listenerFailures.sum()).isOne();
    assertThat(proxy.server.configRejected.sum()).isOne();
    greet(port("l"), "a").close();
  }

  @Test
  void forgetsABusyAddressThatIsWantedNoMore() throws Exception {
    try (ServerSocket other =
        new ServerSocket(FreePort.onLoopback(), 1, InetAddress.getLoopbackAddress())) {
      HostPort taken = new HostPort("127.0.0.1", other.getLocalPort());
      proxy.runtime.applyPartly(of(listener("busy", taken, chain("a", "c"))));
      assertThat(proxy.runtime.applyPartly(of(listener("l", anyPort(), chain("a", "c")))))
          .isEmpty();
      assertThatThrownBy(() -> proxy.runtime.apply(of(listener("busy", taken, chain("a", "c")))))
          .isInstanceOf(BindException.class);
      assertThat(proxy.runtime.unbound()).isEmpty();
    }
  }

  @Test
  void isNotReadyWhileAListenerForTrafficIsBoundNowhere() throws Exception {
    HostPort taken;
    try (ServerSocket other =
        new ServerSocket(FreePort.onLoopback(), 1, InetAddress.getLoopbackAddress())) {
      taken = new HostPort("127.0.0.1", other.getLocalPort());
      proxy.runtime.applyPartly(of(listener("busy", taken, chain("a", "c"))));
      assertThat(proxy.runtime.state()).isEqualTo(ProxyView.State.INITIALIZING);
      assertThat(proxy.runtime.serving().toCompletableFuture()).isNotDone();
      assertThat(proxy.server.config.listenersUnbound).hasValue(1);
    }
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> proxy.runtime.state() == ProxyView.State.LIVE);
    await().until(() -> proxy.runtime.serving().toCompletableFuture().isDone());
    assertThat(proxy.server.config.listenersUnbound).hasValue(0); // before that
    greet(taken.port(), "a").close();
  }

  @Test
  void aListenerWithoutChainsKeepsNobodyFromBeingReady() throws Exception {
    try (ServerSocket other =
        new ServerSocket(FreePort.onLoopback(), 1, InetAddress.getLoopbackAddress())) {
      HostPort taken = new HostPort("127.0.0.1", other.getLocalPort());
      assertThat(proxy.runtime.applyPartly(of(listener("busy", taken)))).containsOnlyKeys("busy");
      assertThat(proxy.runtime.state()).isEqualTo(ProxyView.State.LIVE);
    }
  }

  private static ChainSpec refusing(String serverName) {
    return new ChainSpec(
        "chain-" + serverName,
        serverName,
        TransportProtocol.TLS,
        Optional.empty(),
        List.of(),
        new Terminal.Refusal("secret x: has not arrived"));
  }

  @Test
  void isNotReadyWhileItHasChainsAndNoneCanServe() throws Exception {
    ProxySnapshot waiting = of(listener("l", anyPort(), refusing("a"), refusing("b")));
    assertThat(proxy.runtime.applyPartly(waiting)).isEmpty(); // it is bound
    assertThat(proxy.runtime.state()).isEqualTo(ProxyView.State.INITIALIZING);
    assertThat(proxy.runtime.serving().toCompletableFuture()).isNotDone();

    proxy.runtime.applyPartly(of(listener("l", anyPort(), refusing("a"), chain("b", "c"))));
    assertThat(proxy.runtime.state()).isEqualTo(ProxyView.State.LIVE);
    assertThat(proxy.runtime.serving().toCompletableFuture()).isDone();
    greet(port("l"), "b").close();

    proxy.runtime.applyPartly(waiting);
    assertThat(proxy.runtime.state()).isEqualTo(ProxyView.State.INITIALIZING);

    proxy.runtime.applyPartly(
        of(listener("l", anyPort(), refusing("a")), listener("m", anyPort(), chain("b", "c"))));
    assertThat(proxy.runtime.state()).isEqualTo(ProxyView.State.LIVE);
  }

  @Test
  void isReadyWhenItWasGivenNoChainOrOneThatIsMeantToRefuse() {
    proxy.runtime.applyPartly(of(listener("l", anyPort())));
    assertThat(proxy.runtime.state()).isEqualTo(ProxyView.State.LIVE);
    proxy.runtime.applyPartly(of(listener("l", anyPort(), refusing(""))));
    assertThat(proxy.runtime.state()).isEqualTo(ProxyView.State.LIVE);
  }

  @Test
  void servesAtItsOldAddressUnderTheNewNameUntilTheNewOneIsFree() throws Exception {
    HostPort first = TestUpstream.refusing();
    String before = "inbound:" + first;
    proxy.runtime.applyPartly(of(listener(before, first, chain("a", "c"))));
    HostPort taken;
    try (ServerSocket other =
        new ServerSocket(FreePort.onLoopback(), 1, InetAddress.getLoopbackAddress())) {
      taken = new HostPort("127.0.0.1", other.getLocalPort());
      String after = "inbound:" + taken;
      ProxySnapshot moved = of(listener(after, taken, chain("b", "c")));
      assertThat(proxy.runtime.applyPartly(moved)).containsOnlyKeys(after);
      assertThat(proxy.runtime.state()).isEqualTo(ProxyView.State.LIVE);
      greet(first.port(), "b").close(); // with the new chains
      assertThat(proxy.runtime.applyPartly(moved)).containsOnlyKeys(after);
      greet(first.port(), "b").close();
    }
    await().atMost(Duration.ofSeconds(20)).until(() -> proxy.runtime.unbound().isEmpty());
    greet(taken.port(), "b").close();
    assertThat(proxy.runtime.listeners()).hasSize(1);
    assertThatThrownBy(() -> greet(first.port(), "b")).isInstanceOf(IOException.class);
  }

  @Test
  void goesBackToTheAddressThatItNeverLeft() throws Exception {
    HostPort first = TestUpstream.refusing();
    ProxySnapshot good = of(listener("inbound:" + first, first, chain("a", "c")));
    proxy.runtime.applyPartly(good);
    try (ServerSocket other =
        new ServerSocket(FreePort.onLoopback(), 1, InetAddress.getLoopbackAddress())) {
      HostPort taken = new HostPort("127.0.0.1", other.getLocalPort());
      proxy.runtime.applyPartly(of(listener("inbound:" + taken, taken, chain("a", "c"))));
      assertThat(proxy.runtime.applyPartly(good)).isEmpty();
      greet(first.port(), "a").close();
    }
    assertThat(proxy.runtime.state()).isEqualTo(ProxyView.State.LIVE);
  }
}
