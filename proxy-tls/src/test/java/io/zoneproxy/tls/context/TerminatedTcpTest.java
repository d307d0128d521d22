package io.zoneproxy.tls.context;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.zoneproxy.core.config.ConnectionLimits;
import io.zoneproxy.core.config.DrainConfig;
import io.zoneproxy.core.config.HelloLimits;
import io.zoneproxy.core.config.ProxyConfig;
import io.zoneproxy.core.config.RelayConfig;
import io.zoneproxy.core.config.RemovalPolicy;
import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ClusterPolicy;
import io.zoneproxy.core.model.ClusterPolicy.TlsChoice;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.EndpointSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.Locality;
import io.zoneproxy.core.model.LocalityEndpoints;
import io.zoneproxy.core.model.NetworkFilter;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.TransportProtocol;
import io.zoneproxy.core.model.balance.Destination;
import io.zoneproxy.core.model.policy.Permission;
import io.zoneproxy.core.model.policy.Principal;
import io.zoneproxy.core.model.policy.RbacSpec;
import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.core.model.tls.CertificateSource;
import io.zoneproxy.core.model.tls.ClientTls;
import io.zoneproxy.core.model.tls.PrivateKeyText;
import io.zoneproxy.core.model.tls.SanMatch;
import io.zoneproxy.core.model.tls.ServerTls;
import io.zoneproxy.core.model.tls.TlsVersions;
import io.zoneproxy.core.model.tls.TrustedCa;
import io.zoneproxy.core.model.tls.Validation;
import io.zoneproxy.core.model.tls.ValidationSpec;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.observe.ConnectionRecord;
import io.zoneproxy.core.observe.ListenerStats;
import io.zoneproxy.core.observe.ServerStats;
import io.zoneproxy.core.observe.TlsStats;
import io.zoneproxy.core.relay.Relay;
import io.zoneproxy.core.relay.RelayKind;
import io.zoneproxy.core.relay.TestUpstream;
import io.zoneproxy.core.relay.portable.TerminatedTcp;
import io.zoneproxy.core.relay.portable.Transport;
import io.zoneproxy.core.runtime.ProxyRuntime;
import io.zoneproxy.tls.hello.ClientHelloParser;
import io.zoneproxy.tls.identity.TestAuthority;
import io.zoneproxy.tls.identity.TestAuthority.Issued;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The mesh's TLS ends here, and what was in it goes to an external service over TCP. */
@ParameterizedClass
@EnumSource(RelayKind.class)
class TerminatedTcpTest {
  private static final String SERVICE = "pg.external";
  private static final int LARGE = 3_000_000;
  private static final Map<String, String> ENDPOINT_SAYS = Map.of("outside", "pg");
  private static final Duration HOUR = Duration.ofHours(1);

  private final TestAuthority mesh = TestAuthority.create("mesh");
  private final TestAuthority outside = TestAuthority.create("outside");
  private final Issued egress =
      mesh.order().server().uri("spiffe://default/egress").dns(SERVICE).issue();
  private final Issued web = mesh.order().uri("spiffe://default/web").issue();
  private final Issued stranger = mesh.order().uri("spiffe://default/stranger").issue();
  private final BlockingQueue<ConnectionRecord> closed = new LinkedBlockingQueue<>();
  private final TlsContexts ends = new TlsContexts();
  private final ClientContexts begins = new ClientContexts();
  private final Relay relay;
  private final EventLoopGroup loops;
  private final EventLoopGroup control = Transport.loops(1, "test-control");
  private final ProxyRuntime proxy;

  TerminatedTcpTest(RelayKind kind) {
    relay = kind.make();
    loops = relay.loops(1, "test-io");
    EventLoop controlLoop = control.next();
    proxy =
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
                new TerminatedTcp(ends, begins)),
            loops,
            controlLoop,
            closed::add,
            new ServerStats());
  }

  @AfterEach
  void stop() {
    proxy.close();
    ends.close();
    begins.close();
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    control.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private static StringMatch uri(String value) {
    return StringMatch.exact(value);
  }

  private static NetworkFilter onlyWeb() {
    RbacSpec.Policy policy =
        new RbacSpec.Policy(
            "allow-web",
            List.of(new Permission.Any()),
            List.of(new Principal.Authenticated(Optional.of(uri("spiffe://default/web")))));
    return new NetworkFilter.Rbac(
        "pg.",
        new RbacSpec(
            Optional.of(new RbacSpec.Rules(RbacSpec.Action.ALLOW, List.of(policy))),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));
  }

  private void serve(HostPort upstream, List<TlsChoice> tls) throws Exception {
    ServerTls server =
        new ServerTls(
            List.of(
                new CertificateSource.Inline(
                    egress.chainPem(), new PrivateKeyText(egress.keyPem()))),
            Optional.of(validation(mesh, List.of())),
            true,
            TlsVersions.DEFAULT,
            List.of());
    ChainSpec chain =
        new ChainSpec(
            "pg",
            SERVICE,
            TransportProtocol.TLS,
            Optional.of(server),
            List.of(onlyWeb()),
            Terminal.TcpProxy.to(new Destination.ToCluster("pg", Map.of())));
    ClusterPolicy plain = ClusterPolicy.DEFAULT;
    ClusterPolicy policy =
        new ClusterPolicy(
            plain.connectTimeout(),
            plain.balancing(),
            plain.spread(),
            plain.subsets(),
            plain.limits(),
            plain.outliers(),
            plain.healthCheck(),
            plain.http(),
            tls,
            plain.dns());
    ClusterSpec cluster =
        new ClusterSpec(
            "pg",
            List.of(
                new LocalityEndpoints(
                    Locality.ofZone(""),
                    0,
                    1,
                    List.of(new EndpointSpec(upstream, 1, true, Map.of(), ENDPOINT_SAYS)))),
            policy);
    proxy.apply(
        new ProxySnapshot(
            List.of(new ListenerSpec("egress", new HostPort("127.0.0.1", 0), List.of(chain))),
            Map.of("pg", cluster)));
  }

  private static Validation validation(TestAuthority authority, List<SanMatch> names) {
    return new Validation(
        new ValidationSpec(Optional.of(new TrustedCa.Inline(authority.pem())), names, Map.of()),
        Optional.empty());
  }

  private static TlsChoice begun(Optional<Validation> check) {
    return new TlsChoice(
        Map.of(),
        Optional.of(
            new ClientTls("db.example", List.of(), check, TlsVersions.DEFAULT, List.of(), false)));
  }

  private SSLSocket connect(@Nullable Issued client, String version) throws Exception {
    var address = proxy.listeners().get(0).address();
    SSLSocket socket =
        (SSLSocket)
            TlsClient.context(mesh, client)
                .getSocketFactory()
                .createSocket(address.getAddress(), address.getPort());
    socket.setSoTimeout(20_000);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setServerNames(List.of(new SNIHostName(SERVICE)));
    parameters.setProtocols(new String[] {version});
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  private ListenerStats stats() {
    return proxy.listeners().get(0).stats();
  }

  private TlsStats towardsUpstream() {
    return Objects.requireNonNull(proxy.cluster("pg")).stats().tls();
  }

  private ConnectionRecord record() throws InterruptedException {
    ConnectionRecord record = closed.poll(20, TimeUnit.SECONDS);
    assertThat(record).isNotNull();
    return record;
  }

  private static byte[] content(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private static void write(Socket socket, byte[] bytes) {
    try {
      OutputStream out = socket.getOutputStream();
      out.write(bytes);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void whatWasInTheTlsIsRelayedBothWays() throws Exception {
    byte[] sent = content(LARGE);
    try (TestUpstream echo = new TestUpstream(TestUpstream.ECHO)) {
      serve(echo.address(), List.of());
      try (SSLSocket client = connect(web, "TLSv1.3")) {
        Thread writer = new Thread(() -> write(client, sent));
        writer.start();
        assertThat(client.getInputStream().readNBytes(LARGE)).isEqualTo(sent);
        writer.join();
      }
      ConnectionRecord record = record();
      assertThat(record.bytesUp()).isEqualTo(LARGE);
      assertThat(record.bytesDown()).isEqualTo(LARGE);
      assertThat(record.cluster()).isEqualTo("pg");
      assertThat(record.upstream()).isNotNull();
      assertThat(record.tls())
          .isNotNull()
          .satisfies(
              tls -> {
                assertThat(tls.version()).isEqualTo("TLSv1.3");
                assertThat(tls.cipher()).startsWith("TLS_");
                assertThat(tls.peerUris()).containsExactly("spiffe://default/web");
              });
      assertThat(stats().tls.handshake.sum()).isEqualTo(1);
      assertThat(stats().rbac("pg.").allowed.sum()).isEqualTo(1);
      assertThat(echo.failures).isEmpty();
    }
  }

  @Test
  void anUpstreamThatSpeaksFirstAndLeavesIsHeardToTheEnd() throws Exception {
    byte[] sent = content(LARGE);
    try (TestUpstream upstream = new TestUpstream(socket -> socket.getOutputStream().write(sent))) {
      serve(upstream.address(), List.of());
      try (SSLSocket client = connect(web, "TLSv1.3")) {
        assertThat(client.getInputStream().readAllBytes()).isEqualTo(sent);
      }
      assertThat(record().bytesDown()).isEqualTo(LARGE);
    }
  }

  @Test
  void whoIsNotAllowedReachesNobody() throws Exception {
    try (TestUpstream echo = new TestUpstream(TestUpstream.ECHO)) {
      serve(echo.address(), List.of());
      try (SSLSocket client = connect(stranger, "TLSv1.2")) {
        assertThat(client.getInputStream().read()).isEqualTo(-1);
      }
      ConnectionRecord record = record();
      assertThat(record.reason()).isEqualTo(CloseReason.DENIED);
      assertThat(record.detail()).isEqualTo("no policy allows it");
      assertThat(record.tls()).isNotNull();
      assertThat(stats().rbac("pg.").denied.sum()).isEqualTo(1);
      assertThat(echo.connections).hasValue(0);
    }
  }

  @Test
  void whoHasNoCertificateDoesNotGetInAtAll() throws Exception {
    try (TestUpstream echo = new TestUpstream(TestUpstream.ECHO)) {
      serve(echo.address(), List.of());
      assertThatThrownBy(() -> connect(null, "TLSv1.2")).isInstanceOf(IOException.class);
      assertThat(record().reason()).isEqualTo(CloseReason.TLS_FAILED);
      assertThat(echo.connections).hasValue(0);
    }
  }

  @Test
  void tlsIsBegunTowardsAServerWhoseNameIsRight() throws Exception {
    Issued server = outside.order().server().dns("db.example").issue();
    try (TlsEcho echo = new TlsEcho(TlsClient.context(outside, server))) {
      serve(
          echo.address(),
          List.of(
              begun(
                  Optional.of(
                      validation(
                          outside, List.of(new SanMatch(SanMatch.Type.DNS, uri("db.example"))))))));
      try (SSLSocket client = connect(web, "TLSv1.2")) {
        write(client, "select 1".getBytes(US_ASCII));
        assertThat(client.getInputStream().readNBytes(8)).asString(US_ASCII).isEqualTo("select 1");
      }
      assertThat(echo.serverNames).containsExactly("db.example");
      assertThat(towardsUpstream().handshake.sum()).isEqualTo(1);
      assertThat(record().bytesUp()).isEqualTo(8);
    }
  }

  @Test
  void aServerWithAnotherNameIsNotSpokenTo() throws Exception {
    Issued server = outside.order().server().dns("evil.example").issue();
    try (TlsEcho echo = new TlsEcho(TlsClient.context(outside, server))) {
      serve(
          echo.address(),
          List.of(
              begun(
                  Optional.of(
                      validation(
                          outside, List.of(new SanMatch(SanMatch.Type.DNS, uri("db.example"))))))));
      try (SSLSocket client = connect(web, "TLSv1.2")) {
        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(IOException.class);
      }
      ConnectionRecord record = record();
      assertThat(record.reason()).isEqualTo(CloseReason.UPSTREAM_TLS_FAILED);
      assertThat(towardsUpstream().failVerifySan.sum()).isEqualTo(1);
      assertThat(record.detail())
          .contains("server certificate", "DNS:evil.example", "expected: DNS exact db.example");
    }
  }

  @Test
  void aClientThatLeavesTakesTheUpstreamWithIt() throws Exception {
    BlockingQueue<Integer> ends = new LinkedBlockingQueue<>();
    try (TestUpstream upstream =
        new TestUpstream(
            socket -> {
              socket.getInputStream().read();
              socket.getOutputStream().write(1);
              ends.add(socket.getInputStream().read());
            })) {
      serve(upstream.address(), List.of());
      try (SSLSocket client = connect(web, "TLSv1.3")) {
        write(client, new byte[] {1});
        assertThat(client.getInputStream().read()).isEqualTo(1);
      }
      assertThat(ends.poll(20, TimeUnit.SECONDS)).isEqualTo(-1);
      await().until(() -> proxy.openConnections() == 0);
    }
  }

  @Test
  void aClientThatHasSaidAllStillHearsTheAnswer() throws Exception {
    byte[] answer = content(LARGE);
    try (TestUpstream upstream =
        new TestUpstream(
            socket -> {
              byte[] asked = socket.getInputStream().readAllBytes(); // to the client's end
              socket.getOutputStream().write(asked);
              socket.getOutputStream().write(answer);
            })) {
      serve(upstream.address(), List.of());
      try (SSLSocket client = connect(web, "TLSv1.2")) {
        write(client, "all".getBytes(US_ASCII));
        client.shutdownOutput();
        assertThat(client.getInputStream().readNBytes(3)).asString(US_ASCII).isEqualTo("all");
        assertThat(client.getInputStream().readAllBytes()).isEqualTo(answer);
      }
      ConnectionRecord record = record();
      assertThat(record.reason()).isEqualTo(CloseReason.DONE);
      assertThat(record.bytesDown()).isEqualTo(LARGE + 3);
      assertThat(upstream.failures).isEmpty();
    }
  }

  @Test
  void anUpstreamThatHasSaidAllStillHearsTheClient() throws Exception {
    BlockingQueue<byte[]> heard = new LinkedBlockingQueue<>();
    try (TestUpstream upstream =
        new TestUpstream(
            socket -> {
              socket.getOutputStream().write(1);
              socket.shutdownOutput();
              heard.add(socket.getInputStream().readAllBytes());
            })) {
      serve(upstream.address(), List.of());
      try (SSLSocket client = connect(web, "TLSv1.3")) { // with 1.2 the JDK's client ends, too
        assertThat(client.getInputStream().readAllBytes()).containsExactly(1);
        write(client, "late".getBytes(US_ASCII));
      }
      assertThat(heard.poll(20, TimeUnit.SECONDS)).asString(US_ASCII).isEqualTo("late");
    }
  }

  @Test
  void theFirstChoiceOfTlsThatFitsTheEndpointCounts() throws Exception {
    Issued server = outside.order().server().dns("db.example").issue();
    TlsChoice another = new TlsChoice(Map.of("outside", "other"), Optional.empty());
    TlsChoice meant =
        new TlsChoice(ENDPOINT_SAYS, begun(Optional.of(validation(outside, List.of()))).tls());
    try (TlsEcho echo = new TlsEcho(TlsClient.context(outside, server))) {
      serve(echo.address(), List.of(another, meant));
      try (SSLSocket client = connect(web, "TLSv1.3")) {
        write(client, new byte[] {7});
        assertThat(client.getInputStream().read()).isEqualTo(7);
      }
      assertThat(echo.serverNames).containsExactly("db.example");
    }
  }

  @Test
  void anEndpointThatNoChoiceOfTlsFitsIsNotSpokenToInTheClear() throws Exception {
    try (TestUpstream echo = new TestUpstream(TestUpstream.ECHO)) {
      serve(echo.address(), List.of(new TlsChoice(Map.of("outside", "other"), Optional.empty())));
      try (SSLSocket client = connect(web, "TLSv1.2")) {
        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(IOException.class);
      }
      ConnectionRecord record = record();
      assertThat(record.reason()).isEqualTo(CloseReason.UPSTREAM_TLS_FAILED);
      assertThat(record.detail()).endsWith("no TLS is configured for this endpoint");
      assertThat(record.bytesUp()).isZero();
    }
  }
}
