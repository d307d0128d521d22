package io.zoneproxy.tls.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.Channel;
import io.zoneproxy.core.admin.AdminActions;
import io.zoneproxy.core.admin.AdminEndpoint;
import io.zoneproxy.core.admin.AdminRequest;
import io.zoneproxy.core.admin.AdminResponse;
import io.zoneproxy.core.admin.AdminServer;
import io.zoneproxy.core.admin.FakeProxy;
import io.zoneproxy.core.admin.ReadinessServer;
import io.zoneproxy.core.admin.metric.ServerInfo;
import io.zoneproxy.core.http.ControlLoop;
import io.zoneproxy.core.http.InternalHttp;
import io.zoneproxy.core.http.RawClient;
import io.zoneproxy.core.model.Address;
import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ClusterPolicy;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.EndpointSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.Locality;
import io.zoneproxy.core.model.LocalityEndpoints;
import io.zoneproxy.core.model.Pipe;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.TransportProtocol;
import io.zoneproxy.core.model.balance.Destination;
import io.zoneproxy.core.model.http.HttpFilter;
import io.zoneproxy.core.model.http.HttpSpec;
import io.zoneproxy.core.model.http.HttpTimeouts;
import io.zoneproxy.core.model.http.RouteAction;
import io.zoneproxy.core.model.http.RouteTable;
import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.core.model.tls.CertificateSource;
import io.zoneproxy.core.model.tls.PrivateKeyText;
import io.zoneproxy.core.model.tls.SanMatch;
import io.zoneproxy.core.model.tls.ServerTls;
import io.zoneproxy.core.model.tls.TlsVersions;
import io.zoneproxy.core.model.tls.TrustedCa;
import io.zoneproxy.core.model.tls.Validation;
import io.zoneproxy.core.model.tls.ValidationSpec;
import io.zoneproxy.core.observe.ProxyView;
import io.zoneproxy.core.route.ChainEngine;
import io.zoneproxy.core.upstream.Cluster;
import io.zoneproxy.tls.identity.TestAuthority;
import io.zoneproxy.tls.identity.TestAuthority.Issued;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The admin listener as a control plane pushes it: a plain chain, and one for itself alone. */
class AdminChainsTest {
  /** None of these chains goes to a cluster. */
  private static Cluster noCluster(String name) {
    throw new AssertionError(name);
  }

  private static final int LONG_PAGE = 30 * 1024 * 1024; // a dump of a large zone
  private static final Address ADMIN = new Pipe("/run/proxy/kuma-envoy-admin.sock");
  private static final Address READINESS = new HostPort("127.0.0.1", 9902);

  private final TestAuthority authority = TestAuthority.create("Envoy Admin CA", 0);
  private final Issued server = authority.order().rsa().ip("127.0.0.1").server().issue();
  private final Issued controlPlane = authority.order().rsa().dns("kuma-cp").issue();
  private final FakeProxy proxy = new FakeProxy();
  private final ControlLoop control = ControlLoop.nio();
  private final AdminServer admin =
      new AdminServer(
          control.loop(),
          proxy,
          new ServerInfo("0.1.0", 2, Instant.now()),
          new NoActions(),
          List.of(new Dump()));
  private final ReadinessServer readiness = new ReadinessServer(control.loop(), proxy::state);
  private final TlsContexts contexts = new TlsContexts();
  private final List<AutoCloseable> open = new ArrayList<>();
  private ChainServer listener;

  @BeforeEach
  void start() {
    listener = new ChainServer(handlers(plainChain()), handlers(securedChain()));
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
    listener.close();
    contexts.close();
    control.close();
  }

  @Test
  void strangersMayAskOnlyWhetherItIsReady() throws Exception {
    RawClient.Answer ready = RawClient.get(listener.address(), "/ready");
    assertThat(ready.status()).isEqualTo(200);
    assertThat(ready.body()).isEqualTo("READY");
    proxy.state(ProxyView.State.DRAINING);
    assertThat(RawClient.get(listener.address(), "/ready").body()).isEqualTo("TERMINATING");

    for (String path : List.of("/", "/config_dump", "/stats", "/READY", "/rea", "//ready")) {
      assertThat(RawClient.get(listener.address(), path).status()).as(path).isEqualTo(404);
    }
    // The route takes it, and the readiness port refuses it.
    assertThat(RawClient.get(listener.address(), "/ready/../config_dump").status()).isEqualTo(404);
    assertThat(
            RawClient.ask(listener.address(), "POST /quitquitquit HTTP/1.1\r\nhost: x\r\n\r\n")
                .status())
        .isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void theControlPlaneReachesEveryPage(String version) throws Exception {
    try (TlsClient client = connect(controlPlane, version)) {
      assertThat(client.socket().getSession().getProtocol()).isEqualTo(version);
      assertThat(client.get("/ready")).startsWith("HTTP/1.1 200").endsWith("READY");
      assertThat(client.get("/stats?usedonly=")).startsWith("HTTP/1.1 200");
      assertThat(client.get("/help")).contains("/config_dump: ");
      assertThat(client.get("/nothing")).startsWith("HTTP/1.1 404");
      assertThat(client.get("/config_dump?bytes=10")).endsWith("\r\n\r\nxxxxxxxxxx");
    }
  }

  @Test
  void aDumpOf30MegabytesPassesWhole() throws Exception {
    try (TlsClient client = connect(controlPlane)) {
      String answer = client.get("/config_dump?bytes=" + LONG_PAGE);

      assertThat(answer.length() - answer.indexOf("\r\n\r\n") - 4).isEqualTo(LONG_PAGE);
      assertThat(client.get("/ready")).endsWith("READY"); // the connection goes on
    }
  }

  @Test
  void whoDoesNotReadADumpHoldsNobodyUp() throws Exception {
    for (int i = 0; i < 3; i++) {
      TlsClient slow = connect(controlPlane);
      open.add(slow);
      slow.socket()
          .getOutputStream()
          .write(
              "GET /config_dump?bytes=9999999 HTTP/1.1\r\nhost: x\r\n\r\n"
                  .getBytes(StandardCharsets.UTF_8));
    }
    for (int i = 0; i < 10; i++) {
      assertThat(RawClient.get(listener.address(), "/ready").body()).isEqualTo("READY");
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() throws Exception {
    try (RawClient client = new RawClient(listener.address())) {
      client.send(
          "GET /ready HTTP/1.1\r\nhost: x\r\n\r\nGET /no HTTP/1.1\r\nhost: x\r\n\r\n".repeat(20));
      for (int i = 0; i < 20; i++) {
        assertThat(client.answer().status()).isEqualTo(200);
        assertThat(client.answer().status()).isEqualTo(404);
      }
    }
  }

  @Test
  void nobodyElsePasses() {
    TestAuthority stranger = TestAuthority.create("Envoy Admin CA", 0);

    assertRefused(null, "");
    assertRefused(stranger.order().dns("kuma-cp").issue(), "unknown_ca");
    assertRefused(authority.order().dns("kuma-dp").issue(), "bad_certificate");
    assertRefused(authority.order().uri("kuma-cp://x").issue(), "bad_certificate");
    assertRefused(authority.order().subject("kuma-cp").issue(), "bad_certificate");
    assertRefused(authority.order().dns("kuma-cp").server().issue(), "bad_certificate");
    Instant now = Instant.now();
    assertRefused(
        authority.order().dns("kuma-cp").valid(now.minusSeconds(99), now.minusSeconds(9)).issue(),
        "certificate_expired");
    assertRefused(
        authority.order().dns("kuma-cp").valid(now.plusSeconds(99), now.plusSeconds(199)).issue(),
        "certificate_expired");
  }

  @Test
  void anotherListenerIsServedByNobodyYet() {
    ChainSpec relay = ChainSpec.passthrough("a", "readiness", Map.of());
    ChainSpec ended =
        new ChainSpec(
            "", "a", TransportProtocol.TLS, Optional.of(tls()), List.of(), relay.terminal());

    assertThat(engine().engine(listenerOf(ended), ended, snapshot(), AdminChainsTest::noCluster))
        .isEqualTo(new ChainEngine.Unsupported("TLS that ends here, TcpProxy: not supported yet"));
    ChainSpec elsewhere = chain(Optional.empty(), route("/", "elsewhere"));
    assertThat(
            engine()
                .engine(listenerOf(elsewhere), elsewhere, snapshot(), AdminChainsTest::noCluster))
        .isEqualTo(new ChainEngine.Unsupported("HttpProxy: not supported yet"));
  }

  @Test
  void curlIsContent(@TempDir Path folder) throws Exception {
    assumeThat(new File("/usr/bin/curl")).as("curl, the program").exists();
    Files.writeString(folder.resolve("ca.pem"), authority.pem());
    Files.writeString(folder.resolve("client.pem"), controlPlane.chainPem());
    Files.writeString(folder.resolve("client.key"), controlPlane.keyPem());
    String url = "https://127.0.0.1:" + listener.address().getPort();
    List<String> identified =
        List.of("--cert", folder + "/client.pem", "--key", folder + "/client.key");

    assertThat(curl(folder, url + "/ready", identified)).isEqualTo("READY");
    assertThat(curl(folder, url + "/config_dump?bytes=2000000", identified)).hasSize(2_000_000);
    assertThat(curl(folder, url + "/ready", List.of())).doesNotContain("READY");
  }

  private static String curl(Path folder, String url, List<String> more) throws Exception {
    List<String> command = new ArrayList<>(List.of("curl", "-s", "-m", "20", "--noproxy", "*"));
    command.addAll(List.of("--cacert", folder + "/ca.pem", url));
    command.addAll(more);
    Process process = new ProcessBuilder(command).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return out;
  }

  /**
   * With TLS 1.3 a client learns of it when it reads; the JDK names the alert, unless it writes
   * when the server has closed: then once more.
   */
  private void assertRefused(@Nullable Issued client, String alert) {
    for (String version : List.of("TLSv1.2", "TLSv1.3")) {
      await()
          .untilAsserted(
              () ->
                  assertThatThrownBy(() -> refusedBy(client, version))
                      .isInstanceOf(IOException.class)
                      .hasMessageContaining(alert));
    }
  }

  private void refusedBy(@Nullable Issued client, String version) throws Exception {
    try (TlsClient refused = connect(client, version)) {
      refused.socket().getInputStream().read();
    }
  }

  private TlsClient connect(@Nullable Issued client, String... versions) throws Exception {
    return TlsClient.connect(TlsClient.context(authority, client), listener.address(), versions);
  }

  private Consumer<Channel> handlers(ChainSpec chain) {
    ChainEngine.Outcome outcome =
        engine().engine(listenerOf(chain), chain, snapshot(), AdminChainsTest::noCluster);
    assertThat(outcome).isInstanceOf(ChainEngine.Handlers.class);
    return ((ChainEngine.Handlers) outcome).install();
  }

  private ChainEngine engine() {
    return new InternalHttp(
        contexts, Map.of(ADMIN, admin.service(), READINESS, readiness.service()), ChainEngine.NONE);
  }

  private static ListenerSpec listenerOf(ChainSpec... chains) {
    return new ListenerSpec("kuma:envoy:admin", new HostPort("127.0.0.1", 9901), List.of(chains));
  }

  private ChainSpec plainChain() {
    return chain(Optional.empty(), route("/ready", "kuma:readiness"));
  }

  private ChainSpec securedChain() {
    return chain(
        Optional.of(tls()), route("/ready", "kuma:readiness"), route("/", "kuma:envoy:admin"));
  }

  static ChainSpec chain(Optional<ServerTls> tls, RouteTable.Route... routes) {
    RouteTable table =
        new RouteTable(
            "",
            List.of(new RouteTable.VirtualHost("kuma:envoy:admin", List.of("*"), List.of(routes))),
            RouteTable.Headers.NONE);
    HttpTimeouts timeouts =
        new HttpTimeouts(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    HttpSpec http =
        new HttpSpec(
            "kuma_envoy_admin",
            timeouts,
            List.of(new HttpFilter.Router()),
            table,
            List.of(),
            List.of(),
            Optional.empty());
    TransportProtocol transport = tls.isPresent() ? TransportProtocol.TLS : TransportProtocol.ANY;
    return new ChainSpec("", "", transport, tls, List.of(), new Terminal.HttpProxy(http));
  }

  static RouteTable.Route route(String prefix, String cluster) {
    return new RouteTable.Route(
        "",
        new RouteTable.RouteMatch(StringMatch.prefix(prefix), List.of(), Map.of()),
        new RouteAction.Forward(
            new Destination.ToCluster(cluster, Map.of()),
            Optional.empty(),
            Optional.empty(),
            new RouteAction.HostRewrite.Keep(),
            Optional.of(prefix),
            List.of()),
        RouteTable.Headers.NONE,
        HttpFilter.OFF);
  }

  private ServerTls tls() {
    return tls(authority, server);
  }

  /** As the control plane has it: nobody but itself may come in. */
  static ServerTls tls(TestAuthority authority, Issued server) {
    ValidationSpec clients =
        new ValidationSpec(
            Optional.of(new TrustedCa.Inline(authority.pem())),
            List.of(new SanMatch(SanMatch.Type.DNS, StringMatch.exact("kuma-cp"))),
            Map.of());
    return new ServerTls(
        List.of(
            new CertificateSource.Inline(server.chainPem(), new PrivateKeyText(server.keyPem()))),
        Optional.of(new Validation(clients, Optional.empty())),
        true,
        TlsVersions.DEFAULT,
        List.of());
  }

  private static ProxySnapshot snapshot() {
    return new ProxySnapshot(
        List.of(),
        Map.of(
            "kuma:envoy:admin", cluster("kuma:envoy:admin", ADMIN),
            "kuma:readiness", cluster("kuma:readiness", READINESS),
            "elsewhere", cluster("elsewhere", new HostPort("127.0.0.1", 80))));
  }

  static ClusterSpec cluster(String name, Address address) {
    return new ClusterSpec(
        name,
        List.of(
            new LocalityEndpoints(
                Locality.ofZone("z"), 0, List.of(new EndpointSpec(address, 1, Map.of())))),
        ClusterPolicy.DEFAULT);
  }

  private static final class Dump implements AdminEndpoint {
    @Override
    public String path() {
      return "/config_dump";
    }

    @Override
    public String help() {
      return "as long as it is told";
    }

    @Override
    public AdminResponse handle(AdminRequest request) {
      return AdminResponse.text("x".repeat(Integer.parseInt(request.parameter("bytes"))));
    }
  }

  private static final class NoActions implements AdminActions {
    @Override
    public void drainListeners() {}

    @Override
    public void failHealthCheck(boolean fail) {}

    @Override
    public void quit() {}
  }
}
