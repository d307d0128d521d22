package io.zoneproxy.egress.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.observe.ConnectionRecord;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.ingress.ZoneProxy;
import io.zoneproxy.tls.identity.TestAuthority;
import io.zoneproxy.tls.identity.TestAuthority.Issued;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** External services of resource files: real TLS on both sides. */
final class ExternalServicesTest {
  private static final String TCP = EgressSides.serverName("db", 5432);
  private static final String WEB = EgressSides.serverName("web", 443);
  private static final String PATIENT = "no answer";

  private final EgressSides sides;
  private final TestAuthority mesh;
  private final ZoneFiles files;
  private final Issued shop;
  private final Issued other;
  private final EchoService echo = new EchoService();
  private final SSLServerSocket https;
  private final Path folder;
  private final OutsideWorld world;

  ExternalServicesTest(@TempDir Path folder) throws Exception {
    this.folder = folder;
    sides = new EgressSides(folder);
    mesh = sides.mesh;
    files = sides.files;
    shop = mesh.order().uri("spiffe://default/shop").uri("kuma://kuma.io/service/shop").issue();
    other = sides.caller("other");
    Issued server = sides.outside.order().server().dns("localhost").issue();
    https = OutsideWorld.https(OutsideWorld.context(sides.outside, server));
    files.put("services.yaml", services());
    world = new OutsideWorld(files, Optional.empty());
  }

  @AfterEach
  void close() throws IOException {
    world.close();
    https.close();
    echo.close();
  }

  private String services() {
    String db = EgressSides.endpoint("127.0.0.1", echo.port());
    return KumaTexts.documents(
        EgressSides.service("db", "port: 5432, protocol: tcp", db), web(sides.verified()));
  }

  private String web(String tls) {
    String localhost = EgressSides.endpoint("localhost", https.getLocalPort());
    return EgressSides.service("web", "port: 443, protocol: http", localhost, tls);
  }

  @Test
  void aMemberOfTheMeshReachesATcpServiceByDefault() throws Exception {
    try (SSLSocket caller = world.connect(TCP, mesh, shop)) {
      assertThat(OutsideWorld.echo(caller, "ping")).isEqualTo("ping");
      X509Certificate own = (X509Certificate) caller.getSession().getPeerCertificates()[0];
      assertThat(own.getSubjectAlternativeNames().toString())
          .contains("spiffe://default/zone-egress", "kuma://kuma.io/service/zone-egress");
    }
    ConnectionRecord closed = world.egress.nextClosed();
    assertThat(closed.tls()).isNotNull();
    assertThat(closed.reason()).isEqualTo(CloseReason.DONE);
  }

  @Test
  void anHttpsServiceIsVerifiedAndAnswers() throws Exception {
    try (SSLSocket caller = world.connect(WEB, mesh, shop)) {
      assertThat(OutsideWorld.request(caller)).isEqualTo("HTTP/1.1 200 OK");
    }
  }

  @Test
  void anHttpsServiceThatTheSystemDoesNotKnowIsNotBelieved() throws Exception {
    files.put("services.yaml", web("allowRenegotiation: false"));
    world.egress.reload();
    try (SSLSocket caller = world.connect(WEB, mesh, shop)) {
      assertThat(OutsideWorld.request(caller)).startsWith("HTTP/1.1 503");
    }
  }

  @Test
  void anHttpsServiceWithAnotherNameIsNotBelievedUnlessToldSo() throws Exception {
    String ca = "caCert: {file: " + folder.resolve("outside.pem") + "}";
    files.put(
        "services.yaml", web("verification: {serverName: elsewhere.example, %s}".formatted(ca)));
    world.egress.reload();
    try (SSLSocket caller = world.connect(WEB, mesh, shop)) {
      assertThat(OutsideWorld.request(caller)).startsWith("HTTP/1.1 503");
    }
    files.put(
        "services.yaml",
        web("verification: {mode: SkipSAN, serverName: elsewhere.example, %s}".formatted(ca)));
    world.egress.reload();
    try (SSLSocket caller = world.connect(WEB, mesh, shop)) {
      assertThat(OutsideWorld.request(caller)).isEqualTo("HTTP/1.1 200 OK");
    }
  }

  @Test
  void aCallerWithoutACertificateIsRefused() throws Exception {
    assertRefused(null, "client certificate: none (expected: one)");
  }

  @Test
  void aCallerOfAnotherAuthorityIsRefused() throws Exception {
    TestAuthority stranger = TestAuthority.create("stranger");
    assertRefused(stranger.order().uri("spiffe://default/shop").issue(), "");
  }

  @Test
  void aCallerOfAnotherMeshIsRefused() throws Exception {
    assertRefused(mesh.order().uri("spiffe://payments/shop").issue(), "spiffe://payments/shop");
  }

  private void assertRefused(@Nullable Issued own, String detail) {
    assertThatThrownBy(
            () -> {
              try (SSLSocket caller = world.connect(TCP, mesh, own)) {
                OutsideWorld.echo(caller, "ping"); // with TLS 1.3 the alert comes after the end
                throw new IOException(PATIENT);
              }
            })
        .isInstanceOf(IOException.class);
    ConnectionRecord closed = world.egress.nextClosed();
    assertThat(closed.reason()).isEqualTo(CloseReason.TLS_FAILED);
    assertThat(closed.detail()).contains(detail);
    assertThat(echo.connections).hasValue(0);
  }

  @Test
  void aRuleThatDeniesIsObeyedOnceItIsThere() throws Exception {
    world.egress.watch();
    try (SSLSocket caller = world.connect(WEB, mesh, other)) {
      assertThat(OutsideWorld.request(caller)).isEqualTo("HTTP/1.1 200 OK");
    }
    files.put("permissions.yaml", EgressSides.denying("other"));
    await().untilAsserted(() -> assertThat(status(other)).startsWith("HTTP/1.1 403"));
    assertThat(status(shop)).isEqualTo("HTTP/1.1 200 OK");
    assertThatThrownBy(
            () -> {
              try (SSLSocket caller = world.connect(TCP, mesh, other)) {
                if (OutsideWorld.echo(caller, "ping").isEmpty()) {
                  throw new IOException("closed");
                }
              }
            })
        .isInstanceOf(IOException.class);
    files.remove("permissions.yaml");
    await().untilAsserted(() -> assertThat(status(other)).isEqualTo("HTTP/1.1 200 OK"));
  }

  @Test
  void aMeshThatForbidsOpensToThoseWhomARuleAllows() throws Exception {
    files.put("mesh.yaml", sides.mesh("1h", ", defaultForbidMeshExternalServiceAccess: true"));
    world.egress.reload();
    assertThat(status(shop)).startsWith("HTTP/1.1 403");
    files.put(
        "permissions.yaml",
        EgressSides.rules(
            "allow: [{spiffeID: {type: Exact, value: spiffe://default/shop}, sni: {type: Exact, value: %s}}]"
                .formatted(WEB)));
    world.egress.reload();
    assertThat(status(shop)).isEqualTo("HTTP/1.1 200 OK");
    assertThat(status(other)).startsWith("HTTP/1.1 403");
  }

  private String status(Issued caller) throws Exception {
    try (SSLSocket socket = world.connect(WEB, mesh, caller)) {
      return OutsideWorld.request(socket);
    }
  }

  @Test
  void anIdentityIsRenewedBeforeItsEndAndCutsNobody() throws Exception {
    files.put("mesh.yaml", sides.mesh("10s", ""));
    world.egress.reload();
    try (SSLSocket live = world.connect(TCP, mesh, shop)) {
      X509Certificate first = (X509Certificate) live.getSession().getPeerCertificates()[0];
      await()
          .atMost(Duration.ofSeconds(30))
          .ignoreExceptions() // a slow machine may come too late for one handshake
          .untilAsserted(
              () -> {
                assertThat(world.egress.proxy.renewSecrets()).isEmpty();
                try (SSLSocket next = world.connect(TCP, mesh, shop)) {
                  assertThat(next.getSession().getPeerCertificates()[0]).isNotEqualTo(first);
                }
              });
      assertThat(OutsideWorld.echo(live, "still here")).isEqualTo("still here");
    }
  }

  @Test
  void aBuiltinAuthorityWithoutAFolderIsAnErrorAndServesNobody() throws Exception {
    files.put("mesh.yaml", KumaTexts.mesh("default"));
    world.egress.reload();
    assertThat(world.egress.proxy.notices())
        .anyMatch(problem -> problem.message().contains("--work-dir"));
    assertThatThrownBy(() -> world.connect(TCP, mesh, shop).close())
        .isInstanceOf(IOException.class);
  }

  @Test
  void aServiceWhoseAuthorityIsNotThereIsSaidCountedAndRefused() throws Exception {
    Path none = folder.resolve("none.pem");
    files.put("services.yaml", web("verification: {caCert: {file: %s}}".formatted(none)));
    world.egress.reload();
    assertThat(world.egress.proxy.notices())
        .extracting(Problem::message)
        .containsExactly(
            "MeshExternalService/default/web refuses every connection: cluster"
                + " default_web___extsvc_443: CA of file %1$s: there is no such file (looked for: %1$s)"
                    .formatted(none));
    assertThat(world.egress.proxy.view().server().config.chainsRefusing.get()).isOne();
    assertThatThrownBy(() -> world.connect(WEB, mesh, shop).close())
        .isInstanceOf(IOException.class);
    assertThat(world.egress.nextClosed().reason()).isEqualTo(CloseReason.REFUSED);

    try (LogOf said = new LogOf(ZoneProxy.class)) {
      files.put("services.yaml", services());
      world.egress.reload();
      world.egress.reload();
      assertThat(said.lines()).containsExactly("INFO no chain refuses every connection any more");
    }
    assertThat(world.egress.proxy.notices()).isEmpty();
    assertThat(world.egress.proxy.view().server().config.chainsRefusing.get()).isZero();
  }
}
