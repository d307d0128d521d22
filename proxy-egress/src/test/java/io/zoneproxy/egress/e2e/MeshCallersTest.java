package io.zoneproxy.egress.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.tls.identity.TestAuthority;
import io.zoneproxy.tls.identity.TestAuthority.Issued;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Limits from files at the listeners of a Dataplane: of callers by their SPIFFE ID where TLS ends,
 * of connections where it goes through. Real TLS on both sides; a limit is of an hour, so that no
 * test is too slow for it.
 */
final class MeshCallersTest {
  private static final String DOMAIN = "spiffe://default.zone-1.mesh.local/workload/";
  private static final String INGRESS = "self_zoneingress_dp_zi-port";
  private static final String EGRESS = "self_zoneegress_dp_ze-port";
  private static final String WEB = "sni.extsvc.default.zone-1.web.443";
  private static final String SLOW = "sni.extsvc.default.zone-1.slow.80";
  private static final String BACKEND = "sni.msvc.default.zone-1.backend.80";
  private static final String OK = "HTTP/1.1 200 OK";
  private static final String TOO_MANY = "HTTP/1.1 429 Too Many Requests";
  private static final String GET = "GET / HTTP/1.1\r\nHost: outside\r\n\r\n";
  private static final int PATIENCE_MILLIS = 20_000;

  private final TestAuthority mesh = TestAuthority.create("mesh default");
  private final TestAuthority outside = TestAuthority.create("outside");
  private final Issued shop = mesh.order().uri(DOMAIN + "shop").issue();
  private final Issued other = mesh.order().uri(DOMAIN + "other").issue();
  private final Issued third = mesh.order().uri(DOMAIN + "third").issue();
  private final SSLServerSocket https;

  /** Connections are taken by the kernel, and answered when a test does. */
  private final ServerSocket slow = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

  private final Path folder;
  private final ZoneFiles files;
  private @Nullable OutsideWorld running;

  MeshCallersTest(@TempDir Path folder) throws Exception {
    this.folder = folder;
    Files.writeString(folder.resolve("mesh.pem"), mesh.pem());
    Files.writeString(folder.resolve("mesh.key"), mesh.keyPem());
    Files.writeString(folder.resolve("outside.pem"), outside.pem());
    Issued server = outside.order().server().dns("localhost").issue();
    https = OutsideWorld.https(OutsideWorld.context(outside, server));
    slow.setSoTimeout(PATIENCE_MILLIS);
    String web =
        EgressSides.service(
            "web",
            "port: 443, protocol: http",
            EgressSides.endpoint("localhost", https.getLocalPort()),
            "verification: {caCert: {file: %s}}".formatted(folder.resolve("outside.pem")));
    String still =
        EgressSides.service(
            "slow",
            "port: 80, protocol: http",
            EgressSides.endpoint("127.0.0.1", slow.getLocalPort()));
    String backend =
        "type: Dataplane\nmesh: default\nname: backend-1\nnetworking: {address: 127.0.0.1, inbound: [{name: main, port: %d, tags: {kuma.io/service: backend}}]}\n"
            .formatted(https.getLocalPort());
    files =
        ZoneFiles.in(folder, "zone-1")
            .put("mesh.yaml", "{type: Mesh, name: default, meshServices: {mode: Exclusive}}")
            .put("identity.yaml", identity())
            .put("services.yaml", KumaTexts.documents(web, still))
            .put(
                "backend.yaml",
                KumaTexts.documents(backend, KumaTexts.meshService("default", "backend")))
            .put(
                "permissions.yaml",
                EgressSides.rules("allow: [{spiffeID: {type: Prefix, value: \"spiffe://\"}}]"));
  }

  private String identity() {
    return """
    type: MeshIdentity
    mesh: default
    name: identity
    spec:
      selector: {dataplane: {matchLabels: {}}}
      provider:
        type: Bundled
        bundled:
          ca:
            certificate: {type: File, file: {path: %s}}
            privateKey: {type: File, file: {path: %s}}
    """
        .formatted(folder.resolve("mesh.pem"), folder.resolve("mesh.key"));
  }

  @AfterEach
  void close() throws IOException {
    if (running != null) {
      running.close();
    }
    https.close();
    slow.close();
  }

  private OutsideWorld start() {
    OutsideWorld world = OutsideWorld.ofMesh(files, Optional.empty());
    running = world;
    return world;
  }

  /**
   * @param section of the Dataplane
   */
  private static String policy(String type, String section, String... rules) {
    return """
    type: %s
    mesh: default
    name: limits
    spec:
      targetRef: {kind: Dataplane, sectionName: %s}
      rules: [%s]
    """
        .formatted(type, section, String.join(", ", rules));
  }

  private static String exactly(String caller, String set) {
    return "{matches: [{spiffeID: {type: Exact, value: \"%s\"}}], default: {%s}}"
        .formatted(caller, set);
  }

  private static String beginning(String callers, String set) {
    return "{matches: [{spiffeID: {type: Prefix, value: \"%s\"}}], default: {%s}}"
        .formatted(callers, set);
  }

  private static String requests(int number) {
    return "local: {http: {requestRate: {num: %d, interval: 1h}}}".formatted(number);
  }

  private SSLSocket connect(OutsideWorld world, String serverName, Issued caller) throws Exception {
    return OutsideWorld.connect(
        world.egress.address(EGRESS), serverName, OutsideWorld.context(mesh, caller));
  }

  private String status(OutsideWorld world, String serverName, Issued caller) throws Exception {
    try (SSLSocket socket = connect(world, serverName, caller)) {
      return OutsideWorld.request(socket);
    }
  }

  @Test
  void ofTwoCallersTheOneWhomARuleNamesIsLimitedAndTheOtherIsNot() throws Exception {
    files.put(
        "limits.yaml", policy("MeshRateLimit", "ze-port", exactly(DOMAIN + "shop", requests(1))));
    OutsideWorld world = start();
    assertThat(world.egress.proxy.notices()).isEmpty();

    assertThat(status(world, WEB, shop)).isEqualTo(OK);
    assertThat(status(world, WEB, shop)).isEqualTo(TOO_MANY);
    for (int i = 0; i < 3; i++) {
      assertThat(status(world, WEB, other)).isEqualTo(OK);
    }
  }

  @Test
  void aCallerByItsWholeIdHasALimitApartFromThatOfThoseByAPrefix() throws Exception {
    files.put(
        "limits.yaml",
        policy(
            "MeshRateLimit",
            "ze-port",
            beginning(DOMAIN, requests(2)),
            exactly(DOMAIN + "shop", requests(1))));
    OutsideWorld world = start();

    assertThat(status(world, WEB, other)).isEqualTo(OK);
    assertThat(status(world, WEB, third)).isEqualTo(OK);
    assertThat(status(world, WEB, other)).as("the two have one limit").isEqualTo(TOO_MANY);
    assertThat(status(world, WEB, shop)).isEqualTo(OK);
    assertThat(status(world, WEB, shop)).isEqualTo(TOO_MANY);
  }

  @Test
  void aCallerForWhomTheLimitIsDisabledHasNone() throws Exception {
    files.put(
        "limits.yaml",
        policy(
            "MeshRateLimit",
            "ze-port",
            "{default: {%s}}".formatted(requests(1)),
            exactly(DOMAIN + "shop", "local: {http: {disabled: true}}")));
    OutsideWorld world = start();

    assertThat(status(world, WEB, other)).isEqualTo(OK);
    assertThat(status(world, WEB, other)).isEqualTo(TOO_MANY);
    for (int i = 0; i < 3; i++) {
      assertThat(status(world, WEB, shop)).isEqualTo(OK);
    }
  }

  @Test
  void ofTwoCallersOnlyTheOneWhomARuleNamesHasItsTime() throws Exception {
    files.put(
        "limits.yaml",
        policy(
            "MeshTimeout",
            "ze-port",
            "{default: {http: {requestTimeout: 0s}}}",
            exactly(DOMAIN + "shop", "http: {requestTimeout: 300ms}")));
    OutsideWorld world = start();
    assertThat(world.egress.proxy.notices()).isEmpty();

    try (SSLSocket patient = connect(world, SLOW, other)) {
      patient.getOutputStream().write(GET.getBytes(StandardCharsets.US_ASCII));
      try (Socket asked = slow.accept()) { // the proxy's, with that request
        assertThat(status(world, SLOW, shop)).startsWith("HTTP/1.1 504");
        String answer = OK + "\r\nContent-Length: 0\r\n\r\n";
        asked.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        assertThat(firstLine(patient)).as("its time was over long ago").isEqualTo(OK);
      }
    }
  }

  private static String firstLine(SSLSocket socket) throws IOException {
    InputStream in = socket.getInputStream();
    return new String(in.readNBytes(OK.length()), StandardCharsets.US_ASCII);
  }

  @Test
  void aCallerWithALimitAndATimeHasBoth() throws Exception {
    files
        .put(
            "limits.yaml",
            policy("MeshRateLimit", "ze-port", exactly(DOMAIN + "shop", requests(1))))
        .put(
            "times.yaml",
            policy("MeshTimeout", "ze-port", beginning(DOMAIN, "http: {requestTimeout: 300ms}")));
    OutsideWorld world = start();

    assertThat(status(world, SLOW, shop)).startsWith("HTTP/1.1 504");
    assertThat(status(world, SLOW, shop)).isEqualTo(TOO_MANY);
    assertThat(status(world, SLOW, other)).startsWith("HTTP/1.1 504");
    assertThat(status(world, SLOW, other)).startsWith("HTTP/1.1 504");
  }

  @Test
  void aCallerWithUrisOfTagsBesideItsIdIsKnownByIt() throws Exception {
    EgressSides sides = new EgressSides(folder);
    Issued tagged =
        sides.mesh.order().uri("spiffe://default/shop").uri("kuma://version/v1").issue();
    Issued similar =
        sides.mesh.order().uri("spiffe://default/shop-2").uri("kuma://version/v1").issue();
    files.put("mesh.yaml", sides.mesh("1h", "")).remove("identity.yaml");
    files.put(
        "limits.yaml",
        policy("MeshRateLimit", "ze-port", exactly("spiffe://default/shop", requests(1))));
    Files.writeString(folder.resolve("outside.pem"), outside.pem()); // the sides have their own
    OutsideWorld world = start();

    assertThat(statusOf(world, sides.mesh, tagged)).isEqualTo(OK);
    assertThat(statusOf(world, sides.mesh, tagged)).isEqualTo(TOO_MANY);
    assertThat(statusOf(world, sides.mesh, similar)).isEqualTo(OK);
    assertThat(statusOf(world, sides.mesh, similar)).isEqualTo(OK);
  }

  private static String statusOf(OutsideWorld world, TestAuthority authority, Issued caller)
      throws Exception {
    try (SSLSocket socket =
        OutsideWorld.connect(
            world.egress.address(EGRESS), WEB, OutsideWorld.context(authority, caller))) {
      return OutsideWorld.request(socket);
    }
  }

  /** TLS goes through to the backend. */
  private SSLSocket throughIngress(OutsideWorld world) throws Exception {
    return OutsideWorld.connect(
        world.egress.address(INGRESS), BACKEND, OutsideWorld.context(outside, null));
  }

  @Test
  void connectionsThroughAnIngressAreLimitedByItsPolicyAndThoseOutAreNot() throws Exception {
    String one = "{default: {local: {tcp: {connectionRate: {num: 1, interval: 1h}}}}}";
    files.put("limits.yaml", policy("MeshRateLimit", "zi-port", one));
    OutsideWorld world = start();
    assertThat(world.egress.proxy.notices()).isEmpty();

    try (SSLSocket caller = throughIngress(world)) {
      assertThat(OutsideWorld.request(caller)).isEqualTo(OK);
    }
    // a reset, when the caller closes before it has read all
    assertThat(world.egress.nextClosed().reason()).isNotEqualTo(CloseReason.RATE_LIMITED);
    assertThatThrownBy(() -> throughIngress(world).close()).isInstanceOf(IOException.class);
    assertThat(world.egress.nextClosed().reason()).isEqualTo(CloseReason.RATE_LIMITED);
    assertThat(status(world, WEB, shop)).isEqualTo(OK);
    assertThat(status(world, WEB, shop)).isEqualTo(OK);
  }

  @Test
  void aConnectionThroughAnIngressThatIsStillForTheTimeOfAPolicyEnds() throws Exception {
    files.put("limits.yaml", policy("MeshTimeout", "zi-port", "{default: {idleTimeout: 300ms}}"));
    OutsideWorld world = start();
    assertThat(world.egress.proxy.notices()).isEmpty();

    try (SSLSocket caller = throughIngress(world)) {
      assertThat(caller.isConnected()).isTrue(); // and says nothing
      assertThat(world.egress.nextClosed().reason()).isEqualTo(CloseReason.IDLE);
    }
  }

  @Test
  void whatDoesNothingAtAnIngressIsSaid() throws Exception {
    files
        .put(
            "limits.yaml",
            policy(
                "MeshRateLimit",
                "zi-port",
                exactly(DOMAIN + "shop", requests(1)),
                "{default: {%s}}".formatted(requests(1))))
        .put(
            "times.yaml",
            policy(
                "MeshTimeout", "zi-port", "{default: {connectionTimeout: 1s, idleTimeout: 1s}}"));
    String why = ": does nothing at a listener of type ZoneIngress, as in Kuma (expected: ";
    assertThat(start().egress.proxy.notices())
        .extracting(MeshCallersTest::said)
        .containsExactlyInAnyOrder(
            "spec.rules[0].matches"
                + why
                + "sni, or none: TLS goes through, and callers are not known)",
            "spec.rules[1].default.local.http" + why + "local.tcp)",
            "spec.rules[0].default.connectionTimeout" + why + "idleTimeout)");
  }

  private static String said(Problem problem) {
    return problem.field() + ": " + problem.message();
  }
}
