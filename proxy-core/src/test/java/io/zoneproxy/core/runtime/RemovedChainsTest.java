package io.zoneproxy.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zoneproxy.core.config.ConnectionLimits;
import io.zoneproxy.core.config.DrainConfig;
import io.zoneproxy.core.config.HelloLimits;
import io.zoneproxy.core.config.ProxyConfig;
import io.zoneproxy.core.config.RelayConfig;
import io.zoneproxy.core.config.RemovalPolicy;
import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.Specs;
import io.zoneproxy.core.model.TcpOptions;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.TransportProtocol;
import io.zoneproxy.core.model.balance.Destination;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.observe.ConnectionRecord;
import io.zoneproxy.core.relay.TestProxy;
import io.zoneproxy.core.relay.TestUpstream;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of live connections when their chain is removed, on real sockets. */
final class RemovedChainsTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration GRACE = Duration.ofSeconds(2);

  private TestUpstream upstream;

  @BeforeEach
  void listen() throws IOException {
    upstream = new TestUpstream(TestUpstream.ECHO);
  }

  @AfterEach
  void close() throws IOException {
    upstream.close();
  }

  private static TestProxy proxy(RemovalPolicy policy, Duration drainTime) {
    return new TestProxy(
        new ProxyConfig(
            HelloLimits.DEFAULT,
            RelayConfig.DEFAULT,
            ConnectionLimits.of(100),
            new DrainConfig(drainTime, Duration.ZERO),
            policy),
        1);
  }

  private void route(TestProxy proxy, String... names) {
    Map<String, List<HostPort>> routes = new HashMap<>();
    for (String name : names) {
      routes.put(name, List.of(upstream.address()));
    }
    proxy.route(routes);
  }

  private static Socket greet(TestProxy proxy, String name) throws IOException {
    Socket client = proxy.dial(name);
    assertThat(client.getInputStream().readNBytes(name.length() + 1)).hasSize(name.length() + 1);
    return client;
  }

  private static void echo(Socket client) throws IOException {
    client.getOutputStream().write('x');
    assertThat(client.getInputStream().read()).isEqualTo('x');
  }

  @Test
  void drainLetsThemGoOnForTheDrainTimeThenCutsThem() throws Exception {
    try (TestProxy proxy = proxy(RemovalPolicy.DRAIN, GRACE)) {
      route(proxy, "a", "b");
      try (Socket lost = greet(proxy, "a");
          Socket kept = greet(proxy, "b")) {
        route(proxy, "b");
        echo(lost);
        ConnectionRecord closed = proxy.nextClosed();
        assertThat(closed.reason()).isEqualTo(CloseReason.CHAIN_REMOVED);
        assertThat(closed.serverName()).isEqualTo("a");
        assertThat(closed.duration()).isGreaterThanOrEqualTo(GRACE);
        echo(kept);
      }
    }
  }

  @Test
  void drainGivesEachTheWholeTimeHoweverManyUpdatesCome() throws Exception {
    try (TestProxy proxy = proxy(RemovalPolicy.DRAIN, GRACE)) {
      route(proxy, "a", "b", "c");
      try (Socket first = greet(proxy, "a");
          Socket second = greet(proxy, "b")) {
        route(proxy, "b", "c");
        echo(first);
        await().pollDelay(GRACE.dividedBy(2)).until(() -> true);
        long removed = System.nanoTime();
        route(proxy, "c");
        assertThat(proxy.nextClosed().serverName()).isEqualTo("a");
        echo(second); // its own time has only begun
        assertThat(proxy.nextClosed().serverName()).isEqualTo("b");
        assertThat(System.nanoTime() - removed).isGreaterThanOrEqualTo(GRACE.toNanos());
      }
    }
  }

  @Test
  void drainSparesThoseWhoseChainComesBackInTime() throws Exception {
    try (TestProxy proxy = proxy(RemovalPolicy.DRAIN, GRACE)) {
      route(proxy, "a", "b", "c");
      try (Socket back = greet(proxy, "a");
          Socket lost = greet(proxy, "b")) {
        route(proxy, "c");
        route(proxy, "a", "c");
        echo(lost);
        assertThat(proxy.nextClosed().serverName()).isEqualTo("b");
        echo(back);
        assertThat(proxy.closed).isEmpty();
      }
    }
  }

  @Test
  void drainForgetsTheTimeOfAChainThatCameBackAndWentAgain() throws Exception {
    try (TestProxy proxy = proxy(RemovalPolicy.DRAIN, GRACE)) {
      route(proxy, "a", "b");
      try (Socket client = greet(proxy, "a")) {
        route(proxy, "b");
        await().pollDelay(GRACE.dividedBy(2)).until(() -> true);
        route(proxy, "a", "b");
        long removed = System.nanoTime();
        route(proxy, "b");
        echo(client);
        assertThat(proxy.nextClosed().reason()).isEqualTo(CloseReason.CHAIN_REMOVED);
        assertThat(System.nanoTime() - removed).isGreaterThanOrEqualTo(GRACE.toNanos());
      }
    }
  }

  @Test
  void drainKeepsThemWhenEverythingVanishesBeforeTheirTimeIsOver() throws Exception {
    try (TestProxy proxy = proxy(RemovalPolicy.DRAIN, GRACE)) {
      route(proxy, "a", "b");
      try (Socket client = greet(proxy, "a")) {
        route(proxy, "b");
        route(proxy);
        await().pollDelay(GRACE.multipliedBy(3).dividedBy(2)).until(() -> true);
        echo(client);
        route(proxy, "b"); // now it is said again
        assertThat(proxy.nextClosed().reason()).isEqualTo(CloseReason.CHAIN_REMOVED);
      }
    }
  }

  @Test
  void cutEndsThemAtOnce() throws Exception {
    try (TestProxy proxy = proxy(RemovalPolicy.CUT, HOUR)) {
      route(proxy, "a", "b");
      try (Socket lost = greet(proxy, "a");
          Socket kept = greet(proxy, "b")) {
        route(proxy, "b");
        assertThat(proxy.nextClosed().serverName()).isEqualTo("a");
        echo(kept);
        assertThat(lost.isConnected()).isTrue();
      }
    }
  }

  @Test
  void cutEndsThoseOfARemovedListenerToo() throws Exception {
    try (TestProxy proxy = proxy(RemovalPolicy.CUT, HOUR)) {
      route(proxy, "a");
      try (Socket client = greet(proxy, "a")) {
        proxy.apply(
            Specs.snapshot(
                List.of(Specs.listener("another", Specs.anyPort(), Specs.chain("a", "c"))),
                Specs.cluster("c", List.of(upstream.address()))));
        ConnectionRecord closed = proxy.nextClosed();
        assertThat(closed.reason()).isEqualTo(CloseReason.CHAIN_REMOVED);
        assertThat(closed.listener()).isEqualTo(TestProxy.LISTENER);
        assertThat(client.isConnected()).isTrue();
      }
    }
  }

  @Test
  void cutSparesOneThatHasNotSaidItsNameYet() throws Exception {
    try (TestProxy proxy = proxy(RemovalPolicy.CUT, HOUR)) {
      route(proxy, "a", "b");
      try (Socket silent = proxy.dial()) {
        await().until(() -> proxy.runtime.openConnections() == 1);
        route(proxy, "b");
        silent.getOutputStream().write(new byte[] {'b', '\n'});
        assertThat(silent.getInputStream().readNBytes(2)).isEqualTo(new byte[] {'b', '\n'});
      }
    }
  }

  @Test
  void cutSparesThoseThatAnotherChainTakes() throws Exception {
    try (TestProxy proxy = proxy(RemovalPolicy.CUT, HOUR)) {
      route(proxy, "x.a", "b");
      try (Socket client = greet(proxy, "x.a")) {
        route(proxy, "*.a", "b");
        echo(client);
        assertThat(proxy.closed).isEmpty();
      }
    }
  }

  @Test
  void keepLetsThemGoOn() throws Exception {
    try (TestProxy proxy = proxy(RemovalPolicy.KEEP, Duration.ofMillis(50))) {
      route(proxy, "a", "b");
      try (Socket client = greet(proxy, "a")) {
        route(proxy, "b");
        await().pollDelay(Duration.ofMillis(200)).until(() -> true);
        echo(client);
        assertThat(proxy.closed).isEmpty();
      }
    }
  }

  @Test
  void everyPolicyKeepsThemWhenEverythingVanishesAtOnce() throws Exception {
    for (RemovalPolicy policy : RemovalPolicy.values()) {
      try (TestProxy proxy = proxy(policy, Duration.ofMillis(50))) {
        route(proxy, "a");
        try (Socket client = greet(proxy, "a")) {
          proxy.apply(ProxySnapshot.EMPTY);
          await().pollDelay(Duration.ofMillis(150)).until(() -> true);
          echo(client);
          assertThat(proxy.closed).isEmpty();
        }
      }
    }
  }

  private void serve(TestProxy proxy, ChainSpec... chains) {
    proxy.apply(
        Specs.snapshot(
            List.of(Specs.listener(TestProxy.LISTENER, Specs.anyPort(), chains)),
            Specs.cluster("c", List.of(upstream.address()))));
  }

  private static ChainSpec chain(String name, String serverName, Terminal end) {
    return new ChainSpec(name, serverName, TransportProtocol.TLS, Optional.empty(), List.of(), end);
  }

  private static final ChainSpec ANSWER =
      new ChainSpec(
          "",
          "",
          TransportProtocol.ANY,
          Optional.empty(),
          List.of(),
          new Terminal.DirectResponse("{}"));

  @Test
  void cutSparesThoseWhoseChainHasAnotherPlaceNameAndContent() throws Exception {
    Terminal relay = Terminal.TcpProxy.to(new Destination.ToCluster("c", Map.of()));
    Terminal other =
        new Terminal.TcpProxy(
            new Destination.ToCluster("c", Map.of()),
            new TcpOptions(Optional.of(HOUR), List.of(), List.of(), false));
    try (TestProxy proxy = proxy(RemovalPolicy.CUT, HOUR)) {
      serve(proxy, chain("x", "a", relay), chain("y", "b", relay));
      try (Socket client = greet(proxy, "a")) {
        serve(proxy, chain("z", "b", relay), chain("x2", "a", other));
        echo(client);
        assertThat(proxy.closed).isEmpty();
      }
    }
  }

  @Test
  void cutEndsThoseWhoseChainRefusesNow() throws Exception {
    Terminal relay = Terminal.TcpProxy.to(new Destination.ToCluster("c", Map.of()));
    try (TestProxy proxy = proxy(RemovalPolicy.CUT, HOUR)) {
      serve(proxy, chain("", "a", relay), chain("", "b", relay));
      try (Socket lost = greet(proxy, "a");
          Socket kept = greet(proxy, "b")) {
        serve(proxy, chain("", "a", new Terminal.Refusal("gone")), chain("", "b", relay));
        assertThat(proxy.nextClosed().serverName()).isEqualTo("a");
        echo(kept);
        assertThat(lost.isConnected()).isTrue();
      }
    }
  }

  @Test
  void cutKeepsThemWhenNothingButAnAnswerIsLeft() throws Exception {
    Terminal relay = Terminal.TcpProxy.to(new Destination.ToCluster("c", Map.of()));
    try (TestProxy proxy = proxy(RemovalPolicy.CUT, HOUR)) {
      serve(proxy, chain("", "a", relay));
      try (Socket client = greet(proxy, "a")) {
        serve(proxy, ANSWER); // as an ingress has without a service
        echo(client);
        serve(proxy, ANSWER, chain("", "b", relay));
        assertThat(proxy.nextClosed().reason()).isEqualTo(CloseReason.CHAIN_REMOVED);
      }
    }
  }
}
