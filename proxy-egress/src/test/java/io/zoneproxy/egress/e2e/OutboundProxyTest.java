package io.zoneproxy.egress.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zoneproxy.core.config.ConnectionLimits;
import io.zoneproxy.core.config.DrainConfig;
import io.zoneproxy.core.config.HelloLimits;
import io.zoneproxy.core.config.ProxyConfig;
import io.zoneproxy.core.config.RelayConfig;
import io.zoneproxy.core.config.RemovalPolicy;
import io.zoneproxy.core.config.outbound.CredentialsWatch;
import io.zoneproxy.core.config.outbound.OutboundProxies;
import io.zoneproxy.core.config.outbound.OutboundProxyFile;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.observe.ClusterStatus.EndpointStatus;
import io.zoneproxy.core.observe.ConnectionRecord;
import io.zoneproxy.core.observe.request.RequestRecord;
import io.zoneproxy.core.relay.ConnectProxy;
import io.zoneproxy.tls.identity.TestAuthority;
import io.zoneproxy.tls.identity.TestAuthority.Issued;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** External services behind a company's proxy, whose names only that proxy can look up. */
final class OutboundProxyTest {
  private static final String TCP = EgressSides.serverName("db", 5432);
  private static final String WEB = EgressSides.serverName("web", 443);
  private static final String SECRET = "open-sesame";

  private final EgressSides sides;
  private final TestAuthority mesh;
  private final Issued shop;
  private final EchoService echo = new EchoService();
  private final ConnectProxy company = new ConnectProxy();
  private final SSLServerSocket https;
  private final Path folder;
  private final Path credentials;
  private final ZoneFiles files;
  private OutboundProxies rules = OutboundProxies.NONE;
  private @Nullable OutsideWorld world;

  OutboundProxyTest(@TempDir Path folder) throws Exception {
    this.folder = folder;
    sides = new EgressSides(folder);
    mesh = sides.mesh;
    files = sides.files;
    shop = sides.caller("shop");
    Issued server = sides.outside.order().server().dns("web.invalid").issue();
    https = OutsideWorld.https(OutsideWorld.context(sides.outside, server));
    company.names.put("db.invalid:5432", echo.port());
    company.names.put("web.invalid:443", https.getLocalPort());
    credentials =
        Files.createFile(
            folder.resolve("login"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    files.put("web.yaml", web());
    files.put("db.yaml", db("db.invalid", 5432));
  }

  @AfterEach
  void close() throws IOException {
    OutsideWorld running = world;
    if (running != null) {
      running.close();
    }
    company.close();
    https.close();
    echo.close();
  }

  private static String db(Object... addressesAndPorts) {
    List<String> endpoints = new ArrayList<>();
    for (int i = 0; i < addressesAndPorts.length; i += 2) {
      endpoints.add(
          EgressSides.endpoint((String) addressesAndPorts[i], (int) addressesAndPorts[i + 1]));
    }
    return EgressSides.service("db", "port: 5432, protocol: tcp", String.join(",", endpoints));
  }

  private String web() {
    return EgressSides.service(
        "web",
        "port: 443, protocol: http",
        EgressSides.endpoint("web.invalid", 443),
        sides.verified());
  }

  /** Runs with these lines; {@code PROXY} stands for the company's. */
  private OutsideWorld run(String lines) throws IOException {
    return run(lines, RelayConfig.DEFAULT.connectTimeout());
  }

  private OutsideWorld run(String lines, Duration connectTimeout) throws IOException {
    Path file = folder.resolve("proxies");
    Files.writeString(file, lines.replace("PROXY", company.address().toString()));
    List<String> problems = new ArrayList<>();
    rules = OutboundProxyFile.read(file, problems::add);
    assertThat(problems).isEmpty();
    RelayConfig relay = RelayConfig.DEFAULT;
    OutsideWorld started =
        new OutsideWorld(
            files,
            Optional.empty(),
            new ProxyConfig(
                HelloLimits.DEFAULT,
                new RelayConfig(
                    connectTimeout,
                    relay.idleTimeout(),
                    relay.halfCloseTimeout(),
                    relay.maxConnectionTime(),
                    relay.maxConnectAttempts()),
                ConnectionLimits.of(1000),
                DrainConfig.DEFAULT,
                RemovalPolicy.DRAIN,
                false,
                rules));
    world = started;
    return started;
  }

  private void login(String text) throws IOException {
    Files.writeString(credentials, text);
  }

  private String echo(String word) throws Exception {
    OutsideWorld running = world();
    try (SSLSocket caller = running.connect(TCP, mesh, shop)) {
      return OutsideWorld.echo(caller, word);
    }
  }

  private String status() throws Exception {
    try (SSLSocket caller = world().connect(WEB, mesh, shop)) {
      return OutsideWorld.request(caller);
    }
  }

  private OutsideWorld world() {
    OutsideWorld running = world;
    if (running == null) {
      throw new IllegalStateException("not run");
    }
    return running;
  }

  /** The record of a TCP connection that no way was found for. */
  private ConnectionRecord refused() {
    assertThatThrownBy(
            () -> {
              if (echo("ping").isEmpty()) {
                throw new IOException("closed");
              }
            })
        .isInstanceOf(IOException.class);
    return world().egress.nextClosed();
  }

  private EndpointStatus endpoint(String host) {
    return world().egress.proxy.view().clusters().stream()
        .flatMap(cluster -> cluster.endpoints().stream())
        .filter(each -> each.address() instanceof HostPort at && at.host().equals(host))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void tcpGoesThroughTheProxyWhichAloneLooksUpTheName() throws Exception {
    run("*.invalid PROXY");
    assertThat(echo("ping")).isEqualTo("ping");
    assertThat(company.asked).containsExactly("db.invalid:5432");
    assertThat(world().egress.nextClosed().reason()).isEqualTo(CloseReason.DONE);
    assertThat(endpoint("db.invalid").proxy()).isEqualTo(company.address().toString());
    assertThat(endpoint("db.invalid").resolved()).isTrue();
  }

  @Test
  void tlsIsBegunWithinTheWayAndVerified() throws Exception {
    run("web.invalid PROXY");
    assertThat(status()).isEqualTo("HTTP/1.1 200 OK");
    assertThat(company.asked).containsExactly("web.invalid:443");
  }

  @Test
  void credentialsAreSentAndReadAgainWhenTheyChange() throws Exception {
    login("zone:old\n");
    company.wants("zone:" + SECRET);
    run("* PROXY login");
    assertThat(status()).startsWith("HTTP/1.1 503");
    RequestRecord request = world().requests.poll(20, TimeUnit.SECONDS);
    assertThat(String.valueOf(request))
        .contains("answered 407 (it wants other credentials)")
        .doesNotContain("zone:old");
    ConnectionRecord closed = refusedTcp();
    assertThat(closed.reason()).isEqualTo(CloseReason.CONNECT_FAILED);
    assertThat(closed.detail())
        .isEqualTo(
            "db.invalid:5432: proxy %s: answered 407 (it wants other credentials)"
                .formatted(company.address()));
    login("zone:" + SECRET + "\n");
    try (CredentialsWatch watch = new CredentialsWatch(rules)) {
      watch.look();
    }
    assertThat(status()).isEqualTo("HTTP/1.1 200 OK");
    assertThat(echo("ping")).isEqualTo("ping");
  }

  /** Behind the record of the HTTP connection. */
  private ConnectionRecord refusedTcp() {
    world().egress.nextClosed();
    return refused();
  }

  @Test
  void aProxyThatIsDownIsNoFaultOfTheService() throws Exception {
    files.put("db.yaml", db("db.invalid", 5432, "other.invalid", 5432));
    run("* PROXY");
    company.close();
    for (int i = 0; i < 7; i++) { // more than put an endpoint out
      ConnectionRecord closed = refused();
      assertThat(closed.reason()).isEqualTo(CloseReason.CONNECT_FAILED);
      assertThat(closed.detail())
          .endsWith(".invalid:5432: proxy %s: Connection refused".formatted(company.address()));
    }
    assertThat(endpoint("db.invalid").flags()).isEmpty();
    assertThat(endpoint("other.invalid").flags()).isEmpty();
    assertThat(endpoint("db.invalid").connectFail()).isEqualTo(7);
    assertThat(status()).startsWith("HTTP/1.1 503");
    assertThat(endpoint("web.invalid").flags()).isEmpty();
  }

  @Test
  void aServiceThatTheProxyDoesNotReachMayBePutOut() throws Exception {
    files.put("db.yaml", db("gone.invalid", 5432, "db.invalid", 5432));
    run("* PROXY");
    await()
        .until(
            () -> {
              assertThat(echo("ping")).isEqualTo("ping"); // by the other one
              return !endpoint("gone.invalid").flags().isEmpty();
            });
    assertThat(company.asked).contains("gone.invalid:5432");
  }

  @Test
  void whatTheProxyAnswersIsSaid() throws Exception {
    run("* PROXY");
    company.says("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
    assertThat(refused().detail()).endsWith("answered 403 (it does not allow this)");
    company.says("HTTP/1.1 504 Slow\r\nContent-Length: 0\r\n\r\n");
    assertThat(refused().detail()).endsWith("answered 504 (it did not reach the service)");
    company.says("");
    assertThat(refused().detail()).endsWith("closed without an answer");
    company.says("220 mail.example ESMTP\r\n");
    assertThat(refused().detail()).endsWith("no answer of HTTP");
  }

  @Test
  void aProxyThatDoesNotAnswerIsWaitedForAsLongAsForAConnection() throws Exception {
    run("* PROXY", Duration.ofMillis(300));
    company.says("-");
    ConnectionRecord closed = refused();
    assertThat(closed.reason()).isEqualTo(CloseReason.CONNECT_TIMEOUT);
    assertThat(closed.detail()).endsWith("no way in time");
    assertThat(status()).startsWith("HTTP/1.1 503");
  }

  @Test
  void whatTheServiceSaysAtOnceIsNotLost() throws Exception {
    run("* PROXY");
    company.says("HTTP/1.1 200 OK\r\n\r\nbanner");
    try (SSLSocket caller = world().connect(TCP, mesh, shop)) {
      assertThat(new String(caller.getInputStream().readAllBytes(), US_ASCII)).isEqualTo("banner");
    }
  }

  @Test
  void aRuleBeforeLetsAServiceBeDialedItself() throws Exception {
    files.put("db.yaml", db("127.0.0.1", echo.port()));
    run("127.0.0.1 direct\n* PROXY");
    assertThat(echo("ping")).isEqualTo("ping");
    assertThat(company.asked).isEmpty();
    assertThat(endpoint("127.0.0.1").proxy()).isEmpty();
    assertThat(status()).isEqualTo("HTTP/1.1 200 OK");
    assertThat(company.asked).containsExactly("web.invalid:443");
  }

  @Test
  void aServiceThatComesLaterIsReachedInTheSameWay() throws Exception {
    files.remove("db.yaml");
    run("*.invalid PROXY");
    files.put("db.yaml", db("db.invalid", 5432));
    world().egress.reload();
    assertThat(echo("ping")).isEqualTo("ping");
  }
}
