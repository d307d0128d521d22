package io.zoneproxy.tls.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.channel.EventLoopGroup;
import io.zoneproxy.core.config.ConnectionLimits;
import io.zoneproxy.core.config.DrainConfig;
import io.zoneproxy.core.config.HelloLimits;
import io.zoneproxy.core.config.ProxyConfig;
import io.zoneproxy.core.config.RelayConfig;
import io.zoneproxy.core.config.RemovalPolicy;
import io.zoneproxy.core.http.Answer;
import io.zoneproxy.core.http.HttpService;
import io.zoneproxy.core.http.InternalHttp;
import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.TransportProtocol;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.observe.ConnectionRecord;
import io.zoneproxy.core.observe.ListenerStats;
import io.zoneproxy.core.observe.ServerStats;
import io.zoneproxy.core.observe.process.CertificateInventory;
import io.zoneproxy.core.relay.Relay;
import io.zoneproxy.core.relay.portable.PortableRelay;
import io.zoneproxy.core.relay.portable.Transport;
import io.zoneproxy.core.route.ChainEngine;
import io.zoneproxy.core.runtime.ProxyRuntime;
import io.zoneproxy.tls.hello.ClientHelloParser;
import io.zoneproxy.tls.hello.ClientHellos;
import io.zoneproxy.tls.identity.TestAuthority;
import io.zoneproxy.tls.identity.TestAuthority.Issued;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The admin listener of a running proxy: what is told of it, and how it ends. */
class AdminListenerTest {
  private static final HostPort PART = new HostPort("127.0.0.1", 9901);
  private static final HostPort OTHER_PART = new HostPort("127.0.0.1", 9902);
  private static final Duration HOUR = Duration.ofHours(1);

  private final TestAuthority authority = TestAuthority.create("Envoy Admin CA", 0);
  private final Issued server = authority.order().rsa().ip("127.0.0.1").server().issue();
  private final Issued controlPlane = authority.order().rsa().dns("kuma-cp").issue();
  private final BlockingQueue<ConnectionRecord> closed = new LinkedBlockingQueue<>();
  private final TlsContexts contexts = new TlsContexts();
  private final ServerStats stats = new ServerStats();
  private final Relay relay = new PortableRelay();
  private final EventLoopGroup loops = relay.loops(1, "test-io");
  private final EventLoopGroup control = Transport.loops(1, "test-control");
  private final ProxyRuntime proxy =
      new ProxyRuntime(
          new ProxyConfig(
              HelloLimits.DEFAULT,
              RelayConfig.DEFAULT,
              ConnectionLimits.of(1000),
              new DrainConfig(HOUR, Duration.ZERO),
              RemovalPolicy.DRAIN),
          new ProxyRuntime.DataPath(
              relay,
              ClientHelloParser.factory(HelloLimits.DEFAULT),
              new InternalHttp(
                  contexts,
                  Map.of(PART, says("first part"), OTHER_PART, says("other part")),
                  ChainEngine.NONE)),
          loops,
          control.next(),
          closed::add,
          stats);

  private static HttpService says(String text) {
    return request -> CompletableFuture.completedFuture(Answer.text(200, text));
  }

  @BeforeEach
  void start() throws Exception {
    proxy.apply(snapshot(PART));
  }

  @AfterEach
  void stop() {
    proxy.close();
    contexts.close();
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    control.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private ProxySnapshot snapshot(HostPort part) {
    ChainSpec plain =
        AdminChainsTest.chain(Optional.empty(), AdminChainsTest.route("/", "kuma:envoy:admin"));
    ChainSpec secured =
        AdminChainsTest.chain(
            Optional.of(AdminChainsTest.tls(authority, server)),
            AdminChainsTest.route("/", "kuma:envoy:admin"));
    ListenerSpec listener =
        new ListenerSpec(
            "kuma:envoy:admin",
            new HostPort("127.0.0.1", 0),
            ListenerSpec.Peeking.CLIENT_HELLO,
            List.of(plain, secured),
            "kuma_envoy_admin");
    return new ProxySnapshot(
        List.of(listener),
        Map.of("kuma:envoy:admin", AdminChainsTest.cluster("kuma:envoy:admin", part)));
  }

  private InetSocketAddress address() {
    return proxy.listeners().get(0).address();
  }

  private ListenerStats counts() {
    return proxy.listeners().get(0).stats();
  }

  private TlsClient connect(@Nullable Issued client) throws Exception {
    return TlsClient.connect(TlsClient.context(authority, client), address(), "TLSv1.2");
  }

  private static String ask(Socket socket) throws IOException {
    socket
        .getOutputStream()
        .write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    InputStream in = socket.getInputStream();
    StringBuilder text = new StringBuilder();
    while (!text.toString().endsWith(" part")) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("closed after: " + text);
      }
      text.append((char) next);
    }
    return text.toString();
  }

  private Socket dial() throws IOException {
    Socket socket = new Socket(address().getAddress(), address().getPort());
    socket.setSoTimeout(20_000);
    return socket;
  }

  @Test
  void doesNotHoldUpADrain() throws Exception {
    try (Socket idle = dial();
        Socket fresh = dial();
        TlsClient secured = connect(controlPlane)) {
      ask(idle);
      assertThat(secured.get("/")).endsWith("first part");
      fresh.getOutputStream().write('G');
      await().until(() -> stats.ownConnections.sum() == 3);

      CompletableFuture<Integer> drain = proxy.drain();
      assertThat(idle.getInputStream().read()).isEqualTo(-1);
      assertThat(secured.socket().getInputStream().read()).isEqualTo(-1);
      fresh
          .getOutputStream()
          .write("ET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      String last = new String(fresh.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertThat(last).contains("connection: close").endsWith("first part");
      assertThat(drain.get(20, TimeUnit.SECONDS)).isZero();
    }
    assertThat(proxy.openConnections()).isZero();
  }

  @Test
  void isNotInTheLogOfConnectionsUnlessAStrangerKnocks() throws Exception {
    try (Socket plain = dial();
        TlsClient secured = connect(controlPlane)) {
      ask(plain);
      secured.get("/");
    }
    await().until(() -> counts().active.sum() == 0);
    assertThat(closed).isEmpty();
    assertThat(counts().tls.handshake.sum()).isEqualTo(1);
    assertThat(counts().tls.noCertificate.sum()).isZero();
    assertThat(proxy.listeners().get(0).statPrefix()).isEqualTo("kuma_envoy_admin");

    assertThatThrownBy(() -> connect(null)).isInstanceOf(IOException.class);
    ConnectionRecord record = closed.poll(20, TimeUnit.SECONDS);
    assertThat(record).isNotNull();
    assertThat(record.reason()).isEqualTo(CloseReason.TLS_FAILED);
    assertThat(record.detail()).isEqualTo("client certificate: none (expected: one)");
    assertThat(counts().tls.failVerifyNoCert.sum()).isEqualTo(1);
  }

  @Test
  void countsWhyAHandshakeFailed() {
    TestAuthority stranger = TestAuthority.create("Envoy Admin CA", 0);
    assertThatThrownBy(() -> connect(stranger.order().rsa().dns("kuma-cp").issue()))
        .isInstanceOf(IOException.class);
    await().until(() -> counts().tls.failVerifyError.sum() == 1);
    assertThatThrownBy(() -> connect(authority.order().rsa().dns("kuma-dp").issue()))
        .isInstanceOf(IOException.class);
    await().until(() -> counts().tls.failVerifySan.sum() == 1);
    await().until(() -> closed.size() == 2);
    assertThat(closed)
        .allSatisfy(record -> assertThat(record.detail()).startsWith("client certificate: "));
    assertThat(counts().tls.connectionError.sum()).isZero();
    assertThat(counts().closed(CloseReason.TLS_FAILED).sum()).isEqualTo(2);
  }

  @Test
  void aHandshakeThatIsBrokenOffIsToldAndIsNoError() throws Exception {
    byte[] hello = ClientHellos.records(ClientHellos.withServerName("admin"));
    try (Socket socket = dial()) {
      socket.getOutputStream().write(hello);
      await().until(() -> stats.ownConnections.sum() == 1);
    }
    ConnectionRecord record = closed.poll(20, TimeUnit.SECONDS);
    assertThat(record).isNotNull();
    assertThat(record.reason()).isEqualTo(CloseReason.TLS_FAILED);
    assertThat(record.detail()).startsWith("TLS handshake: ");
  }

  @Test
  void aClusterThatLeadsToAnotherPartIsSeen() throws Exception {
    try (Socket socket = dial()) {
      assertThat(ask(socket)).endsWith("first part");
    }
    proxy.apply(snapshot(OTHER_PART));
    try (Socket socket = dial()) {
      assertThat(ask(socket)).endsWith("other part");
    }
    proxy.apply(snapshot(new HostPort("192.0.2.1", 9901)));
    assertThat(
            proxy.refusal("kuma:envoy:admin", "", TransportProtocol.PLAIN).orElseThrow().reason())
        .isEqualTo(CloseReason.NOT_SUPPORTED);
  }

  @Test
  void itsCertificatesAreShown() throws Exception {
    CertificateInventory inventory = contexts.inventory(proxy::snapshot);
    assertThat(inventory.contexts()).hasSize(1);
    CertificateInventory.Context shown = inventory.contexts().get(0);
    assertThat(shown.chain().get(0).names())
        .containsExactly(new CertificateInventory.AltName("ip_address", "127.0.0.1"));
    assertThat(shown.chain().get(0).path()).isEqualTo("<inline>");
    assertThat(shown.trusted().get(0).serial())
        .isEqualTo(authority.certificate().getSerialNumber().toString(16));
    assertThat(inventory.daysUntilFirstExpiry()).isPresent();

    proxy.apply(ProxySnapshot.EMPTY);
    assertThat(inventory.contexts()).isEmpty();
  }
}
