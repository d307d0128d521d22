package io.zoneproxy.egress.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.observe.ConnectionRecord;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.egress.identity.BuiltinAuthorities;
import io.zoneproxy.tls.context.Pem;
import io.zoneproxy.tls.identity.TestAuthority;
import io.zoneproxy.tls.identity.TestAuthority.Issued;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Dataplane's listener of type ZoneEgress, from files: real TLS on both sides. */
final class MeshEgressTest {
  private static final String DOMAIN = "spiffe://default.zone-1.mesh.local";
  private static final String INGRESS = "self_zoneingress_dp_zi-port";
  private static final String EGRESS = "self_zoneegress_dp_ze-port";
  private static final String TCP = "sni.extsvc.default.zone-1.db.5432";
  private static final String WEB = "sni.extsvc.default.zone-1.web.443";
  private static final String SLOW = "sni.extsvc.default.zone-1.slow.80";
  private static final String CLOSED = "closed without a byte";

  private final TestAuthority mesh = TestAuthority.create("mesh default");
  private final TestAuthority outside = TestAuthority.create("outside");
  private final Issued shop = caller(DOMAIN + "/workload/shop");
  private final Issued other = caller(DOMAIN + "/workload/other");
  private final EchoService echo = new EchoService();
  private final SSLServerSocket https;
  private final Path folder;
  private final ZoneFiles files;
  private @Nullable OutsideWorld running;

  MeshEgressTest(@TempDir Path folder) throws Exception {
    this.folder = folder;
    Files.writeString(folder.resolve("outside.pem"), outside.pem());
    Files.writeString(folder.resolve("mesh.pem"), mesh.pem());
    Files.writeString(folder.resolve("mesh.key"), mesh.keyPem());
    Issued server = outside.order().server().dns("localhost").issue();
    https = OutsideWorld.https(OutsideWorld.context(outside, server));
    files =
        ZoneFiles.in(folder, "zone-1")
            .put("mesh.yaml", "{type: Mesh, name: default, meshServices: {mode: Exclusive}}")
            .put("identity.yaml", identity("{}", provided()))
            .put("services.yaml", KumaTexts.documents(db("default"), web()))
            .put("permissions.yaml", allowing("shop", ""));
  }

  @AfterEach
  void close() throws IOException {
    if (running != null) {
      running.close();
    }
    https.close();
    echo.close();
  }

  private Issued caller(String spiffeId) {
    return mesh.order().uri(spiffeId).issue();
  }

  private String db(String ofMesh) {
    return EgressSides.service(
            "db", "port: 5432, protocol: tcp", EgressSides.endpoint("127.0.0.1", echo.port()))
        .replace("mesh: default", "mesh: " + ofMesh);
  }

  private String web() {
    return EgressSides.service(
        "web",
        "port: 443, protocol: http",
        EgressSides.endpoint("localhost", https.getLocalPort()),
        "verification: {caCert: {file: %s}}".formatted(folder.resolve("outside.pem")));
  }

  private String provided() {
    return "ca: {certificate: {type: File, file: {path: %s}}, privateKey: {type: File, file: {path: %s}}}"
        .formatted(folder.resolve("mesh.pem"), folder.resolve("mesh.key"));
  }

  private static String identity(String labels, String bundled) {
    return """
    type: MeshIdentity
    mesh: default
    name: identity
    spec:
      selector: {dataplane: {matchLabels: %s}}
      provider: {type: Bundled, bundled: {%s}}
    """
        .formatted(labels, bundled);
  }

  private static String allowing(String workload, String section) {
    return """
    type: MeshTrafficPermission
    mesh: default
    name: %1$s-may
    spec:
      targetRef: {kind: Dataplane, labels: {kuma.io/listener-zoneegress: enabled}%2$s}
      rules: [{default: {allow: [{spiffeID: {type: Exact, value: "%3$s/workload/%1$s"}}]}}]
    """
        .formatted(workload, section, DOMAIN);
  }

  private OutsideWorld start(Optional<Path> workDir) {
    OutsideWorld world = OutsideWorld.ofMesh(files, workDir);
    running = world;
    return world;
  }

  private OutsideWorld start() {
    return start(Optional.empty());
  }

  private SSLSocket connect(OutsideWorld world, String serverName, @Nullable Issued own)
      throws Exception {
    return OutsideWorld.connect(
        world.egress.address(EGRESS), serverName, OutsideWorld.context(mesh, own));
  }

  private String status(OutsideWorld world, Issued caller) throws Exception {
    try (SSLSocket socket = connect(world, WEB, caller)) {
      return OutsideWorld.request(socket);
    }
  }

  private void assertReaches(OutsideWorld world, Issued caller) throws Exception {
    try (SSLSocket socket = connect(world, TCP, caller)) {
      assertThat(OutsideWorld.echo(socket, "ping")).isEqualTo("ping");
    }
    assertThat(world.egress.nextClosed().reason()).isEqualTo(CloseReason.DONE);
  }

  private ConnectionRecord assertRefused(
      OutsideWorld world, String serverName, @Nullable Issued caller, CloseReason reason) {
    assertThatThrownBy(
            () -> {
              try (SSLSocket socket = connect(world, serverName, caller)) {
                if (OutsideWorld.echo(socket, "ping").isEmpty()) {
                  throw new IOException(CLOSED);
                }
              }
            })
        .isInstanceOf(IOException.class);
    ConnectionRecord closed = world.egress.nextClosed();
    assertThat(closed.reason()).isEqualTo(reason);
    return closed;
  }

  @Test
  void aCallerWithASpiffeIdThatIsAllowedReachesATcpService() throws Exception {
    OutsideWorld world = start();
    try (SSLSocket caller = connect(world, TCP, shop)) {
      assertThat(OutsideWorld.echo(caller, "ping")).isEqualTo("ping");
      X509Certificate own = (X509Certificate) caller.getSession().getPeerCertificates()[0];
      assertThat(own.getSubjectAlternativeNames().stream().map(name -> name.get(1)).toList())
          .isEqualTo(List.of(DOMAIN + "/workload/zone-proxy"));
    }
    ConnectionRecord closed = world.egress.nextClosed();
    assertThat(closed.listener()).isEqualTo(EGRESS);
    assertThat(closed.reason()).isEqualTo(CloseReason.DONE);
    assertThat(world.egress.proxy.notices()).isEmpty();
  }

  @Test
  void aCallerThatIsAllowedReachesAnHttpsServiceAndAnotherGets403() throws Exception {
    OutsideWorld world = start();
    assertThat(status(world, shop)).isEqualTo("HTTP/1.1 200 OK");
    assertThat(status(world, other)).startsWith("HTTP/1.1 403");
  }

  @Test
  void withoutAPermissionNobodyPassesAndThatIsSaid() throws Exception {
    files.remove("permissions.yaml");
    OutsideWorld world = start();
    assertThat(world.egress.proxy.notices())
        .extracting(Problem::message)
        .singleElement()
        .asString()
        .startsWith(
            "no MeshTrafficPermission of mesh default lets anybody pass listener ze-port of"
                + " Dataplane/default/zp-1");
    assertRefused(world, TCP, shop, CloseReason.DENIED);
    assertThat(status(world, shop)).startsWith("HTTP/1.1 403");

    files.put("permissions.yaml", allowing("shop", ""));
    world.egress.reload();
    assertThat(world.egress.proxy.notices()).isEmpty();
    assertThat(status(world, shop)).isEqualTo("HTTP/1.1 200 OK");
  }

  @Test
  void aPermissionOfAnotherListenerOpensNothing() throws Exception {
    files.put("permissions.yaml", allowing("shop", ", sectionName: zi-port"));
    OutsideWorld world = start();
    assertRefused(world, TCP, shop, CloseReason.DENIED);
    files.put("permissions.yaml", allowing("shop", ", sectionName: ze-port"));
    world.egress.reload();
    assertReaches(world, shop);
  }

  @Test
  void aDenialWinsOverAPermission() throws Exception {
    files.put(
        "denial.yaml",
        EgressSides.rules(
            "deny: [{spiffeID: {type: Exact, value: \"%s/workload/shop\"}, sni: {type: Exact, value: %s}}]"
                .formatted(DOMAIN, TCP)));
    OutsideWorld world = start();
    assertRefused(world, TCP, shop, CloseReason.DENIED);
    assertThat(status(world, shop)).isEqualTo("HTTP/1.1 200 OK");
  }

  @Test
  void aCallerOfAnotherMeshFailsTheHandshakeThoughTheAuthorityIsTheSame() {
    OutsideWorld world = start();
    Issued stranger = caller("spiffe://payments.zone-1.mesh.local/workload/shop");
    assertThat(assertRefused(world, TCP, stranger, CloseReason.TLS_FAILED).detail())
        .contains("trust domain payments.zone-1.mesh.local (expected: one of");
    assertThat(echo.connections).hasValue(0);
  }

  @Test
  void aCallerOfAnotherAuthorityOrWithTwoNamesOrNoneFailsTheHandshake() {
    OutsideWorld world = start();
    TestAuthority stranger = TestAuthority.create("stranger");
    Issued forged = stranger.order().uri(DOMAIN + "/workload/shop").issue();
    assertRefused(world, TCP, forged, CloseReason.TLS_FAILED);
    Issued two =
        mesh.order().uri(DOMAIN + "/workload/shop").uri("kuma://kuma.io/service/shop").issue();
    assertThat(assertRefused(world, TCP, two, CloseReason.TLS_FAILED).detail())
        .contains("(expected: one URI, a SPIFFE ID)");
    assertThat(assertRefused(world, TCP, null, CloseReason.TLS_FAILED).detail())
        .contains("client certificate: none (expected: one)");
    assertThat(echo.connections).hasValue(0);
  }

  @Test
  void aServiceOfAnotherMeshHasNoName() {
    files.put("payments.yaml", KumaTexts.documents(KumaTexts.mesh("payments"), db("payments")));
    OutsideWorld world = start();
    assertRefused(world, TCP.replace("default", "payments"), shop, CloseReason.NO_ROUTE);
    assertRefused(world, EgressSides.serverName("db", 5432), shop, CloseReason.NO_ROUTE);
  }

  private static String trust(String pem) {
    return """
    type: MeshTrust
    mesh: default
    name: east
    spec:
      trustDomain: default.east.mesh.local
      caBundles: [{type: Pem, pem: {value: "%s"}}]
    """
        .formatted(pem.replace("\n", "\\n"));
  }

  @Test
  void aMeshTrustThatCannotBeReadShutsOutItsOwnDomainAlone() throws Exception {
    OutsideWorld world = start();
    files.put(
        "trust.yaml", trust("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"));
    world.egress.reload();
    assertReaches(world, shop);
    assertThat(world.egress.proxy.notices())
        .extracting(Problem::message)
        .singleElement()
        .asString()
        .startsWith("MeshTrust/default/east is not believed: certificate 1 cannot be read: ");
  }

  @Test
  void aMeshTrustLetsTheCallersOfItsDomainIn() throws Exception {
    TestAuthority east = TestAuthority.create("east");
    Issued far = east.order().uri("spiffe://default.east.mesh.local/workload/shop").issue();
    files.put(
        "more.yaml",
        EgressSides.rules(
            "allow: [{spiffeID: {type: Prefix, value: \"spiffe://default.east.mesh.local/\"}}]"));
    OutsideWorld world = start();
    assertRefused(world, TCP, far, CloseReason.TLS_FAILED);
    files.put("trust.yaml", trust(east.pem()));
    world.egress.reload();
    assertReaches(world, far);
    assertReaches(world, shop);
    Issued posing = east.order().uri(DOMAIN + "/workload/shop").issue();
    assertRefused(world, TCP, posing, CloseReason.TLS_FAILED);
  }

  private static String timeout(String spec) {
    return """
    type: MeshTimeout
    mesh: default
    name: limits
    spec:
      targetRef: {kind: Dataplane, labels: {kuma.io/listener-zoneegress: enabled}}
      %s
    """
        .formatted(spec);
  }

  @Test
  void aRequestThatIsNotAnsweredInTheTimeOfAPolicyIsAnsweredWith504() throws Exception {
    // the kernel takes the connection, and nobody ever answers
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      files
          .put(
              "slow.yaml",
              EgressSides.service(
                  "slow",
                  "port: 80, protocol: http",
                  EgressSides.endpoint("127.0.0.1", silent.getLocalPort())))
          .put(
              "limits.yaml",
              timeout(
                  "rules: [{matches: [{sni: {type: Exact, value: %s}}], default: {http: {requestTimeout: 300ms}}}]"
                      .formatted(SLOW)));
      OutsideWorld world = start();
      assertThat(world.egress.proxy.notices()).isEmpty();
      try (SSLSocket caller = connect(world, SLOW, shop)) {
        assertThat(OutsideWorld.request(caller)).startsWith("HTTP/1.1 504");
      }
      assertThat(status(world, shop)).isEqualTo("HTTP/1.1 200 OK"); // a service without a limit
    }
  }

  @Test
  void aConnectionThatIsStillForTheTimeOfAPolicyEnds() throws Exception {
    files.put("limits.yaml", timeout("rules: [{default: {idleTimeout: 300ms}}]"));
    OutsideWorld world = start();
    try (SSLSocket caller = connect(world, TCP, shop)) {
      assertThat(caller.getInputStream().read()).isEqualTo(-1);
    }
    assertThat(world.egress.nextClosed().reason()).isEqualTo(CloseReason.IDLE);
  }

  @Test
  void aTimeLimitThatDoesNothingWhereItStandsIsSaid() {
    files.put(
        "limits.yaml",
        timeout(
            "rules: [{matches: [{sni: {type: Exact, value: %s}}], default: {connectionTimeout: 1s, http: {requestTimeout: 1s}}}]\n  to: [{targetRef: {kind: MeshExternalService, name: web}, default: {idleTimeout: 1m, http: {requestTimeout: 1s}}}]"
                .formatted(WEB)));
    OutsideWorld world = start();
    assertThat(world.egress.proxy.notices())
        .extracting(each -> each.field() + ": " + each.message())
        .containsExactly(
            "spec.to[0].default.http.requestTimeout: does nothing here at an egress, as in Kuma"
                + " (expected: the same in rules)",
            "spec.rules[0].default.connectionTimeout: does nothing here at an egress, as in Kuma"
                + " (expected: the same in to)");
  }

  @Test
  void noServiceLeadsToAnotherPortOfTheProxyItself() throws Exception {
    OutsideWorld world = start();
    assertReaches(world, shop);

    world.egress.proxy.addOwn(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), echo.port())); // an admin port

    assertThat(assertRefused(world, TCP, shop, CloseReason.NO_ENDPOINT).detail())
        .contains("this proxy itself listens there");
  }

  @Test
  void bothListenersOfADataplaneServe() throws Exception {
    files.put(
        "backend.yaml",
        KumaTexts.documents(
            "type: Dataplane\nmesh: default\nname: backend-1\nnetworking: {address: 127.0.0.1, inbound: [{name: main, port: %d, tags: {kuma.io/service: backend}}]}\n"
                .formatted(https.getLocalPort()),
            KumaTexts.meshService("default", "backend")));
    OutsideWorld world = start();
    SSLContext end = OutsideWorld.context(outside, null); // TLS goes through to the backend
    try (SSLSocket caller =
        OutsideWorld.connect(
            world.egress.address(INGRESS), "sni.msvc.default.zone-1.backend.80", end)) {
      assertThat(OutsideWorld.request(caller)).isEqualTo("HTTP/1.1 200 OK");
    }
    assertThat(world.egress.nextClosed().listener()).isEqualTo(INGRESS);
    assertReaches(world, shop);
  }

  @Test
  void anIdentityOfItsOwnAuthorityIsMadeAndKeptInTheWorkFolder() throws Exception {
    files.put("identity.yaml", identity("{}", "autogenerate: {enabled: true}"));
    Path work = folder.resolve("work");
    OutsideWorld world = start(Optional.of(work));
    BuiltinAuthorities all = new BuiltinAuthorities(work);
    assertThat(all.identities("default")).containsExactly("identity");
    X509Certificate made =
        Pem.certificates(
                all.authorityOfIdentity("default", "identity").certificates(), "the authority")
            .get(0);
    assertRefused(world, TCP, shop, CloseReason.TLS_FAILED); // of the authority that was
    assertThat(made.getBasicConstraints()).isZero();
  }

  @Test
  void anIdentityOfItsOwnAuthorityWithoutAFolderIsAnErrorAndServesNobody() {
    files.put("identity.yaml", identity("{}", "autogenerate: {enabled: true}"));
    OutsideWorld world = start();
    assertThat(world.egress.proxy.notices())
        .filteredOn(problem -> problem.severity() == Problem.Severity.ERROR)
        .extracting(Problem::message)
        .singleElement()
        .asString()
        .contains("MeshIdentity/default/identity makes its own CA", "--work-dir=DIR");
    assertRefused(world, TCP, shop, CloseReason.REFUSED);
  }

  @Test
  void anIdentityThatIsAControlPlanesRefusesEachServiceWithThatReason() {
    files.put("identity.yaml", identity("{}", provided()).replace("type: Bundled", "type: Spire"));
    OutsideWorld world = start();
    String why =
        "MeshIdentity/default/identity: provider: Spire (expected: Bundled; others need a control"
            + " plane)";
    assertThat(world.egress.proxy.notices())
        .extracting(Problem::message)
        .containsExactlyInAnyOrder(
            "MeshExternalService/default/db refuses every connection: " + why,
            "MeshExternalService/default/web refuses every connection: " + why);
    assertRefused(world, TCP, shop, CloseReason.REFUSED);
  }

  @Test
  void anIdentityForOthersIsNotTaken() {
    files.put("identity.yaml", identity("{app: shop}", provided()));
    OutsideWorld world = start();
    assertThat(world.egress.proxy.notices())
        .extracting(Problem::message)
        .hasSize(2)
        .allMatch(
            each ->
                each.contains(
                    "no MeshIdentity of mesh default selects Dataplane/default/zp-1, and the mesh"
                        + " has no mTLS backend"));
    assertRefused(world, TCP, shop, CloseReason.REFUSED);
  }

  @Test
  void aMeshWithoutIdentitiesIsServedByItsMtlsBackend() throws Exception {
    EgressSides sides = new EgressSides(folder);
    files.put("mesh.yaml", sides.mesh("1h", "")).remove("identity.yaml");
    files.put(
        "permissions.yaml",
        EgressSides.rules("allow: [{spiffeID: {type: Exact, value: \"spiffe://default/shop\"}}]"));
    OutsideWorld world = start();
    assertThat(world.egress.proxy.notices()).isEmpty();
    SSLContext member = OutsideWorld.context(sides.mesh, sides.caller("shop"));
    try (SSLSocket caller = OutsideWorld.connect(world.egress.address(EGRESS), TCP, member)) {
      assertThat(OutsideWorld.echo(caller, "ping")).isEqualTo("ping");
    }
    assertThat(world.egress.nextClosed().reason()).isEqualTo(CloseReason.DONE);
  }

  @Test
  void anIdentityThatComesLaterIsUsedByTheNextHandshakeAndCutsNobody() throws Exception {
    EgressSides sides = new EgressSides(folder);
    files.put("mesh.yaml", sides.mesh("1h", "")).remove("identity.yaml");
    files.put(
        "older.yaml",
        EgressSides.rules("allow: [{spiffeID: {type: Exact, value: \"spiffe://default/shop\"}}]"));
    OutsideWorld world = start();
    SSLContext member = OutsideWorld.context(sides.mesh, sides.caller("shop"));
    try (SSLSocket live = OutsideWorld.connect(world.egress.address(EGRESS), TCP, member)) {
      assertThat(OutsideWorld.echo(live, "before")).isEqualTo("before");
      Files.writeString(folder.resolve("mesh.pem"), mesh.pem());
      Files.writeString(folder.resolve("mesh.key"), mesh.keyPem());
      files.put("identity.yaml", identity("{}", provided()));
      world.egress.reload();
      try (SSLSocket next = connect(world, TCP, shop)) {
        assertThat(OutsideWorld.echo(next, "ping")).isEqualTo("ping");
      }
      assertThat(OutsideWorld.echo(live, "after")).isEqualTo("after");
    }
  }
}
