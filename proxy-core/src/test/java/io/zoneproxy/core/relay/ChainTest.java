package io.zoneproxy.core.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.zoneproxy.core.config.ProxyConfig;
import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.ListenerSpec.Peeking;
import io.zoneproxy.core.model.NetworkFilter;
import io.zoneproxy.core.model.Specs;
import io.zoneproxy.core.model.TcpOptions;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.TransportProtocol;
import io.zoneproxy.core.model.balance.Destination;
import io.zoneproxy.core.model.log.AccessLogSpec;
import io.zoneproxy.core.model.log.LogFormat;
import io.zoneproxy.core.model.log.LogTarget;
import io.zoneproxy.core.model.policy.Cidr;
import io.zoneproxy.core.model.policy.Permission;
import io.zoneproxy.core.model.policy.Principal;
import io.zoneproxy.core.model.policy.RbacSpec;
import io.zoneproxy.core.model.policy.TokenBucket;
import io.zoneproxy.core.model.tls.ServerTls;
import io.zoneproxy.core.model.tls.TlsVersions;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.observe.ConnectionRecord;
import io.zoneproxy.core.route.ChainEngine;
import io.zoneproxy.core.runtime.ProxyRuntime;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What a control plane can say of a chain, on real sockets; run for each relay there is. */
@ParameterizedClass
@EnumSource(RelayKind.class)
final class ChainTest {
  private static final Terminal RELAY =
      Terminal.TcpProxy.to(new Destination.ToCluster("c", Map.of()));

  private final TestProxy proxy;
  private TestUpstream upstream;

  ChainTest(RelayKind relay) {
    ChainEngine echo =
        (listener, chain, snapshot, clusters) ->
            chain.name().equals("later")
                ? new ChainEngine.Unavailable("secret s: has not arrived")
                : new ChainEngine.Handlers(channel -> channel.pipeline().addLast(new Echo()));
    proxy =
        new TestProxy(
            new ProxyRuntime.DataPath(relay.make(), LinePeek::new, echo),
            ProxyConfig.withMaxConnections(100),
            1);
  }

  private static final class Echo extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ctx.writeAndFlush(message);
    }
  }

  @BeforeEach
  void listen() throws IOException {
    upstream = new TestUpstream(TestUpstream.ECHO);
  }

  @AfterEach
  void close() throws IOException {
    proxy.close();
    upstream.close();
  }

  private static ChainSpec chain(
      String name, TransportProtocol transport, Terminal end, NetworkFilter... filters) {
    return new ChainSpec("chain-" + name, name, transport, Optional.empty(), List.of(filters), end);
  }

  private static ChainSpec tls(String name) {
    ServerTls tls =
        new ServerTls(List.of(), Optional.empty(), false, TlsVersions.DEFAULT, List.of());
    return new ChainSpec(name, name, TransportProtocol.TLS, Optional.of(tls), List.of(), RELAY);
  }

  private void serve(Peeking peek, ChainSpec... chains) {
    ListenerSpec listener =
        new ListenerSpec(TestProxy.LISTENER, Specs.anyPort(), peek, List.of(chains));
    proxy.apply(Specs.snapshot(List.of(listener), Specs.cluster("c", List.of(upstream.address()))));
  }

  private void serve(ChainSpec... chains) {
    serve(Peeking.CLIENT_HELLO, chains);
  }

  private void exchange(String sent) throws IOException {
    try (Socket client = proxy.dial()) {
      client.getOutputStream().write(sent.getBytes(UTF_8));
      client.shutdownOutput();
      assertThat(client.getInputStream().readAllBytes()).asString(UTF_8).isEqualTo(sent);
    }
  }

  private ConnectionRecord refused(String sent) throws IOException {
    try (Socket client = proxy.dial()) {
      client.getOutputStream().write(sent.getBytes(UTF_8));
      assertThat(client.getInputStream().read()).isEqualTo(-1); // FIN, as for no route
    }
    return proxy.nextClosed();
  }

  @Test
  void relaysWhatIsNotTlsByTheChainForIt() throws Exception {
    serve(
        chain("", TransportProtocol.PLAIN, RELAY),
        chain("a", TransportProtocol.TLS, new Terminal.DirectResponse("no")));
    exchange("#\nplain text");
    ConnectionRecord closed = proxy.nextClosed();
    assertThat(closed.reason()).isEqualTo(CloseReason.DONE);
    assertThat(closed.serverName()).isEmpty();
    assertThat(closed.chainName()).isEqualTo("chain-");
    assertThat(proxy.runtime.listeners().get(0).stats().plain.sum()).isEqualTo(1);
  }

  @Test
  void refusesWhatIsNotTlsWhenNoChainTakesIt() throws Exception {
    serve(chain("", TransportProtocol.TLS, RELAY), chain("a", TransportProtocol.ANY, RELAY));
    assertThat(refused("#\n").reason()).isEqualTo(CloseReason.NOT_TLS);
    assertThat(proxy.runtime.listeners().get(0).stats().plain.sum()).isZero();
  }

  @Test
  void sendsPlainTextToOneEndpointOnly() throws Exception {
    try (TestUpstream leaves = new TestUpstream(TestUpstream::readLine)) {
      ListenerSpec listener =
          new ListenerSpec(
              TestProxy.LISTENER,
              Specs.anyPort(),
              List.of(chain("", TransportProtocol.PLAIN, RELAY)));
      proxy.apply(Specs.snapshot(List.of(listener), Specs.cluster("c", List.of(leaves.address()))));
      try (Socket client = proxy.dial("#")) {
        assertThat(client.getInputStream().read()).isEqualTo(-1);
      }
      assertThat(proxy.nextClosed().connectAttempts()).isEqualTo(1);
    }
  }

  @Test
  void awaitsNoByteWhenItIsNotToLookAtThem() throws Exception {
    try (TestUpstream first =
        new TestUpstream(
            socket -> {
              socket.getOutputStream().write("hi\n".getBytes(UTF_8));
              socket.getInputStream().transferTo(socket.getOutputStream());
            })) {
      ListenerSpec listener =
          new ListenerSpec(
              TestProxy.LISTENER,
              Specs.anyPort(),
              Peeking.NONE,
              List.of(chain("", TransportProtocol.ANY, RELAY)));
      proxy.apply(Specs.snapshot(List.of(listener), Specs.cluster("c", List.of(first.address()))));
      try (Socket client = proxy.dial()) {
        assertThat(client.getInputStream().readNBytes(3)).asString(UTF_8).isEqualTo("hi\n");
        client.getOutputStream().write("yes".getBytes(UTF_8));
        client.shutdownOutput();
        assertThat(client.getInputStream().readAllBytes()).asString(UTF_8).isEqualTo("yes");
      }
      assertThat(proxy.nextClosed().reason()).isEqualTo(CloseReason.DONE);
    }
  }

  @Test
  void triesAnotherEndpointWithoutAByteToo() throws Exception {
    HostPort refusing = TestUpstream.refusing();
    ListenerSpec listener =
        new ListenerSpec(
            TestProxy.LISTENER,
            Specs.anyPort(),
            Peeking.NONE,
            List.of(chain("", TransportProtocol.ANY, RELAY)));
    proxy.apply(
        Specs.snapshot(
            List.of(listener), Specs.cluster("c", List.of(refusing, upstream.address()))));
    for (int i = 0; i < 4; i++) {
      exchange("x");
      assertThat(proxy.nextClosed().reason()).isEqualTo(CloseReason.DONE);
    }
    proxy.apply(Specs.snapshot(List.of(listener), Specs.cluster("c", List.of(refusing))));
    try (Socket client = proxy.dial()) {
      assertThat(proxy.nextClosed().reason()).isEqualTo(CloseReason.CONNECT_FAILED);
      assertThat(client.isConnected()).isTrue();
    }
  }

  @Test
  void handsOverWithoutAByteToo() throws Exception {
    ChainSpec engine =
        new ChainSpec(
            "",
            "",
            TransportProtocol.ANY,
            tls("").tls(),
            List.of(),
            new Terminal.DirectResponse("unused"));
    serve(Peeking.NONE, engine);
    try (Socket client = proxy.dial()) {
      client.getOutputStream().write('x');
      assertThat(client.getInputStream().read()).isEqualTo('x');
    }
    assertThat(proxy.nextClosed().reason()).isEqualTo(CloseReason.DONE);
  }

  @Test
  void hasAnHelloTimeoutForEachListener() throws Exception {
    serve(
        new Peeking(true, Optional.of(Duration.ofMillis(50))),
        chain("", TransportProtocol.TLS, RELAY));
    try (Socket client = proxy.dial()) {
      client.getOutputStream().write('x');
      assertThat(proxy.nextClosed().reason()).isEqualTo(CloseReason.HELLO_TIMEOUT);
    }
  }

  @Test
  void answersDirectly() throws Exception {
    serve(chain("", TransportProtocol.ANY, new Terminal.DirectResponse("{\"zone\":\"é\"}")));
    for (String sent : List.of("a\n", "#\n", "a\nand more")) {
      try (Socket client = proxy.dial()) {
        client.getOutputStream().write(sent.getBytes(UTF_8));
        assertThat(client.getInputStream().readAllBytes())
            .asString(UTF_8)
            .isEqualTo("{\"zone\":\"é\"}");
      }
      assertThat(proxy.nextClosed().reason()).isEqualTo(CloseReason.DONE);
    }
    await().until(() -> proxy.runtime.openConnections() == 0);
  }

  @Test
  void endsADirectAnswerThatNobodyTakes() throws Exception {
    serve(chain("", TransportProtocol.ANY, new Terminal.DirectResponse("x")));
    try (Socket client = proxy.dial("a")) {
      assertThat(proxy.nextClosed().reason()).isEqualTo(CloseReason.DONE);
      assertThat(client.isConnected()).isTrue();
    }
  }

  @Test
  void saysWhyAChainRefuses() throws Exception {
    serve(
        chain("a", TransportProtocol.TLS, new Terminal.Refusal("cluster c: has not been sent")),
        tls("later"));
    ConnectionRecord refused = refused("a\n");
    assertThat(refused.reason()).isEqualTo(CloseReason.REFUSED);
    assertThat(refused.detail()).isEqualTo("cluster c: has not been sent");
    assertThat(refused.chain()).isEqualTo("a");
    ConnectionRecord later = refused("later\n");
    assertThat(later.reason()).isEqualTo(CloseReason.REFUSED);
    assertThat(later.detail()).isEqualTo("secret s: has not arrived");
  }

  private static NetworkFilter allow(Principal principal) {
    RbacSpec.Policy policy =
        new RbacSpec.Policy("p", List.of(new Permission.Any()), List.of(principal));
    return new NetworkFilter.Rbac(
        new RbacSpec(
            Optional.of(new RbacSpec.Rules(RbacSpec.Action.ALLOW, List.of(policy))),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));
  }

  @Test
  void asksForPermission() throws Exception {
    serve(
        chain(
            "a",
            TransportProtocol.TLS,
            RELAY,
            allow(new Principal.Source(new Cidr("127.0.0.0", 8)))),
        chain(
            "b",
            TransportProtocol.TLS,
            RELAY,
            allow(new Principal.Authenticated(Optional.empty()))));
    exchange("a\nhello");
    assertThat(proxy.nextClosed().reason()).isEqualTo(CloseReason.DONE);
    ConnectionRecord denied = refused("b\n");
    assertThat(denied.reason()).isEqualTo(CloseReason.DENIED);
    assertThat(denied.detail()).isEqualTo("no policy allows it");
    assertThat(denied.connectAttempts()).isZero();
    var stats = proxy.runtime.listeners().get(0).stats().rbac("");
    assertThat(stats.allowed.sum()).isEqualTo(1);
    assertThat(stats.denied.sum()).isEqualTo(1);
  }

  @Test
  void limitsTheRateOfConnectionsAlsoOverAnUpdate() throws Exception {
    NetworkFilter two = new NetworkFilter.RateLimit(new TokenBucket(2, 1, Duration.ofHours(1)));
    serve(chain("a", TransportProtocol.TLS, RELAY, two));
    exchange("a\n1");
    assertThat(proxy.nextClosed().reason()).isEqualTo(CloseReason.DONE);
    serve(chain("a", TransportProtocol.TLS, RELAY, two), chain("b", TransportProtocol.TLS, RELAY));
    exchange("a\n2");
    assertThat(proxy.nextClosed().reason()).isEqualTo(CloseReason.DONE);
    ConnectionRecord over = refused("a\n");
    assertThat(over.reason()).isEqualTo(CloseReason.RATE_LIMITED);
    assertThat(over.detail()).startsWith("limit: 2 connections, 1 more every ");
    exchange("b\n");
  }

  private static Terminal relay(TcpOptions options) {
    return new Terminal.TcpProxy(new Destination.ToCluster("c", Map.of()), options);
  }

  @Test
  void hasAnIdleTimeoutForEachChain() throws Exception {
    TcpOptions soon =
        new TcpOptions(Optional.of(Duration.ofMillis(300)), List.of(), List.of(), false);
    serve(chain("a", TransportProtocol.TLS, relay(soon)), chain("b", TransportProtocol.TLS, RELAY));
    try (Socket idle = proxy.dial("a");
        Socket other = proxy.dial("b")) {
      ConnectionRecord closed = proxy.nextClosed();
      assertThat(closed.reason()).isEqualTo(CloseReason.IDLE);
      assertThat(closed.serverName()).isEqualTo("a");
      assertThat(idle.isConnected()).isTrue();
      assertThat(other.getInputStream().read()).isEqualTo('b');
      other.getOutputStream().write('x');
      assertThat(other.getInputStream().readNBytes(2)).asString(UTF_8).isEqualTo("\nx");
    }
  }

  @Test
  void carriesTheAccessLogsOfAChainAndTellsWhenItIsConnected() throws Exception {
    AccessLogSpec log =
        new AccessLogSpec(
            new LogTarget.File("/dev/null", new LogFormat.Text("%DURATION%")), Optional.empty());
    TcpOptions logged = new TcpOptions(Optional.empty(), List.of(), List.of(log), true);
    serve(
        chain("a", TransportProtocol.TLS, relay(logged)), chain("b", TransportProtocol.TLS, RELAY));
    exchange("a\n");
    assertThat(proxy.nextClosed().accessLogs()).containsExactly(log);
    exchange("b\n");
    assertThat(proxy.nextClosed().accessLogs()).isEmpty();
    assertThat(proxy.connected)
        .singleElement()
        .satisfies(
            record -> {
              assertThat(record.accessLogs()).containsExactly(log);
              assertThat(record.cluster()).isEqualTo("c");
              assertThat(record.upstream()).isNotNull();
            });
  }
}
