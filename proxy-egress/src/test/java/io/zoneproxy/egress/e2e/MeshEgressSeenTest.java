package io.zoneproxy.egress.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.egress.driven.TestCollector;
import io.zoneproxy.tls.identity.TestAuthority;
import io.zoneproxy.tls.identity.TestAuthority.Issued;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a MeshAccessLog and a MeshTrace of resource files make a mesh's own proxy write and send.
 */
final class MeshEgressSeenTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int PATIENCE_MILLIS = 20_000;

  /** As many spans make a message at once. */
  private static final int BATCH = 5;

  private static final String DOMAIN = "spiffe://default.zone-1.mesh.local";
  private static final String INGRESS = "self_zoneingress_dp_zi-port";
  private static final String EGRESS = "self_zoneegress_dp_ze-port";
  private static final String TCP = "sni.extsvc.default.zone-1.db.5432";
  private static final String WEB = "sni.extsvc.default.zone-1.web.443";

  private final TestAuthority mesh = TestAuthority.create("mesh default");
  private final TestAuthority outside = TestAuthority.create("outside");
  private final Issued shop = mesh.order().uri(DOMAIN + "/workload/shop").issue();
  private final Issued other = mesh.order().uri(DOMAIN + "/workload/other").issue();
  private final EchoService echo = new EchoService();
  private final SSLServerSocket https;
  private final Path folder;
  private final Path lines;
  private final ZoneFiles files;
  private @Nullable OutsideWorld running;

  MeshEgressSeenTest(@TempDir Path folder) throws Exception {
    this.folder = folder;
    lines = folder.resolve("lines.log");
    Files.writeString(folder.resolve("outside.pem"), outside.pem());
    Files.writeString(folder.resolve("mesh.pem"), mesh.pem());
    Files.writeString(folder.resolve("mesh.key"), mesh.keyPem());
    Issued server = outside.order().server().dns("localhost").issue();
    https = OutsideWorld.https(OutsideWorld.context(outside, server));
    files =
        ZoneFiles.in(folder, "zone-1")
            .put("mesh.yaml", "{type: Mesh, name: default, meshServices: {mode: Exclusive}}")
            .put("identity.yaml", identity())
            .put("services.yaml", KumaTexts.documents(db(), web()))
            .put("permissions.yaml", permission());
  }

  @AfterEach
  void close() throws IOException {
    if (running != null) {
      running.close();
    }
    https.close();
    echo.close();
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
          ca: {certificate: {type: File, file: {path: %1$s.pem}}, privateKey: {type: File, file: {path: %1$s.key}}}
    """
        .formatted(folder.resolve("mesh"));
  }

  private String db() {
    return EgressSides.service(
        "db", "port: 5432, protocol: tcp", EgressSides.endpoint("127.0.0.1", echo.port()));
  }

  private String web() {
    return EgressSides.service(
        "web",
        "port: 443, protocol: http",
        EgressSides.endpoint("localhost", https.getLocalPort()),
        "verification: {caCert: {file: %s}}".formatted(folder.resolve("outside.pem")));
  }

  private static String permission() {
    return EgressSides.rules(
        "allow: [{spiffeID: {type: Exact, value: \"%s/workload/shop\"}}]".formatted(DOMAIN));
  }

  private static String policy(String type, String target, String spec) {
    return """
    type: %1$s
    mesh: default
    name: seen
    spec:
      targetRef: %2$s
      %3$s
    """
        .formatted(type, target, spec);
  }

  private static String log(String target, String rule) {
    return policy("MeshAccessLog", target, "rules: [{" + rule + "}]");
  }

  private String toFile(String format) {
    return "{type: File, file: {path: %s, format: {type: Plain, plain: '%s'}}}"
        .formatted(lines, format);
  }

  private OutsideWorld start() {
    OutsideWorld world = OutsideWorld.ofMesh(files, Optional.empty());
    running = world;
    assertThat(world.egress.proxy.notices()).isEmpty();
    return world;
  }

  private String status(OutsideWorld world, Issued caller) throws Exception {
    try (SSLSocket socket = connect(world, WEB, caller)) {
      return OutsideWorld.request(socket);
    }
  }

  private SSLSocket connect(OutsideWorld world, String serverName, Issued own) throws Exception {
    return OutsideWorld.connect(
        world.egress.address(EGRESS), serverName, OutsideWorld.context(mesh, own));
  }

  private List<String> lines(int count) {
    await()
        .atMost(PATIENCE)
        .ignoreExceptionsInstanceOf(IOException.class) // not written yet
        .until(() -> Files.readAllLines(lines).size() >= count);
    try {
      return Files.readAllLines(lines);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void eachRequestWritesALineToAFileAlsoTheOneThatIsDenied() throws Exception {
    String format =
        "%KUMA_MESH% %REQ(:METHOD)% %RESPONSE_CODE% %REQUESTED_SERVER_NAME%"
            + " %DOWNSTREAM_PEER_URI_SAN%";
    files.put(
        "log.yaml", log("{kind: Mesh}", "default: {backends: [%s]}".formatted(toFile(format))));
    OutsideWorld world = start();
    assertThat(status(world, shop)).isEqualTo("HTTP/1.1 200 OK");
    assertThat(status(world, other)).startsWith("HTTP/1.1 403");
    assertThat(lines(2))
        .containsExactlyInAnyOrder(
            "default GET 200 " + WEB + " " + DOMAIN + "/workload/shop",
            "default GET 403 " + WEB + " " + DOMAIN + "/workload/other");
  }

  @Test
  void aRuleForOneCallerWritesNothingOfAnother() throws Exception {
    files.put(
        "log.yaml",
        log(
            "{kind: Dataplane, sectionName: ze-port}",
            "matches: [{spiffeID: {type: Exact, value: \"%s/workload/other\"}, sni: {type: Exact, value: %s}}], default: {backends: [%s]}"
                .formatted(DOMAIN, WEB, toFile("%RESPONSE_CODE%"))));
    OutsideWorld world = start();
    assertThat(status(world, shop)).isEqualTo("HTTP/1.1 200 OK");
    assertThat(status(world, other)).startsWith("HTTP/1.1 403");
    assertThat(lines(1)).containsExactly("403");
  }

  @Test
  void aConnectionIsToldToACollectorWhenItIsMadeAndWhenItEnds() throws Exception {
    try (ServerSocket collector = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      collector.setSoTimeout(PATIENCE_MILLIS);
      files.put(
          "log.yaml",
          log(
              "{kind: Mesh}",
              "default: {backends: [{type: Tcp, tcp: {address: '127.0.0.1:%d', format: {type: Plain, plain: '%%ACCESS_LOG_TYPE%% %%BYTES_SENT%% %%RESPONSE_FLAGS%%'}}}]}"
                  .formatted(collector.getLocalPort())));
      OutsideWorld world = start();
      try (SSLSocket caller = connect(world, TCP, shop)) {
        assertThat(OutsideWorld.echo(caller, "ping")).isEqualTo("ping");
      }
      try (Socket told = collector.accept();
          BufferedReader in =
              new BufferedReader(
                  new InputStreamReader(told.getInputStream(), StandardCharsets.UTF_8))) {
        told.setSoTimeout(PATIENCE_MILLIS);
        assertThat(in.readLine()).startsWith("TcpUpstreamConnected ");
        assertThat(in.readLine()).isEqualTo("TcpConnectionEnd 4 -");
      }
    }
  }

  @Test
  void aConnectionThatIsRelayedIntoTheZoneIsLogged() throws Exception {
    files
        .put(
            "backend.yaml",
            KumaTexts.documents(
                "type: Dataplane\nmesh: default\nname: backend-1\nnetworking: {address: 127.0.0.1, inbound: [{name: main, port: %d, tags: {kuma.io/service: backend}}]}\n"
                    .formatted(https.getLocalPort()),
                KumaTexts.meshService("default", "backend")))
        .put(
            "log.yaml",
            log(
                "{kind: Dataplane, labels: {kuma.io/listener-zoneingress: enabled}, sectionName:"
                    + " zi-port}",
                "default: {backends: [%s]}"
                    .formatted(toFile("%ACCESS_LOG_TYPE% %REQUESTED_SERVER_NAME%"))));
    OutsideWorld world = start();
    String name = "sni.msvc.default.zone-1.backend.80";
    try (SSLSocket caller =
        OutsideWorld.connect(
            world.egress.address(INGRESS), name, OutsideWorld.context(outside, null))) {
      assertThat(OutsideWorld.request(caller)).isEqualTo("HTTP/1.1 200 OK");
    }
    assertThat(status(world, shop)).isEqualTo("HTTP/1.1 200 OK"); // of the other listener
    assertThat(lines(2))
        .containsExactly("TcpUpstreamConnected " + name, "TcpConnectionEnd " + name);
  }

  private static Map<String, String> tags(List<KeyValue> from) {
    return from.stream()
        .collect(Collectors.toMap(KeyValue::getKey, each -> each.getValue().getStringValue()));
  }

  @Test
  void spansAndRecordsReachACollectorOfOpenTelemetry() throws Exception {
    try (TestCollector collector = new TestCollector()) {
      files
          .put(
              "collector.yaml",
              "{type: MeshOpenTelemetryBackend, mesh: default, name: otel, labels: {team: a}, spec: {endpoint: {address: 127.0.0.1, port: %d}}}"
                  .formatted(collector.port()))
          .put(
              "trace.yaml",
              policy(
                  "MeshTrace",
                  "{kind: Mesh}",
                  "default: {backends: [{type: OpenTelemetry, openTelemetry: {backendRef: {kind:"
                      + " MeshOpenTelemetryBackend, labels: {team: a}}}}], tags: [{name: team,"
                      + " literal: core}]}"))
          .put(
              "log.yaml",
              log(
                  "{kind: Mesh}",
                  "default: {backends: [{type: OpenTelemetry, openTelemetry: {endpoint: '127.0.0.1:%d', body: 'status %%RESPONSE_CODE%%'}}]}"
                      .formatted(collector.port())));
      OutsideWorld world = start();
      for (int i = 0; i < BATCH; i++) {
        assertThat(status(world, shop)).isEqualTo("HTTP/1.1 200 OK");
      }
      ResourceSpans spans = TestCollector.next(collector.traces).getResourceSpans(0);
      assertThat(tags(spans.getResource().getAttributesList()))
          .containsEntry("service.name", "zone-proxy");
      assertThat(tags(spans.getScopeSpans(0).getSpans(0).getAttributesList()))
          .containsEntry("node_id", "default.zp-1")
          .containsEntry("team", "core")
          .containsEntry("kuma.mesh", "default")
          .containsEntry("kuma.zone", "zone-1")
          .containsEntry("kuma.workload", "kri_wl_default_zone-1__zone-proxy_")
          .containsEntry("http.status_code", "200");
      ResourceLogs records = TestCollector.next(collector.logs).getResourceLogs(0);
      assertThat(tags(records.getResource().getAttributesList()))
          .containsEntry("kuma.zone", "zone-1");
      assertThat(records.getScopeLogs(0).getLogRecords(0).getBody().getStringValue())
          .isEqualTo("status 200");
    }
  }

  @Test
  void spansReachZipkin() throws Exception {
    BlockingQueue<String> told = new LinkedBlockingQueue<>();
    HttpServer zipkin =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    zipkin.createContext(
        "/api/v2/spans",
        exchange -> {
          told.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(202, -1);
          exchange.close();
        });
    zipkin.start();
    try {
      files.put(
          "trace.yaml",
          policy(
              "MeshTrace",
              "{kind: Dataplane, labels: {kuma.io/listener-zoneegress: enabled}}",
              "default: {backends: [{type: Zipkin, zipkin: {url: 'http://127.0.0.1:%d/api/v2/spans', traceId128bit: true}}]}"
                  .formatted(zipkin.getAddress().getPort())));
      OutsideWorld world = start();
      for (int i = 0; i < BATCH; i++) {
        assertThat(status(world, shop)).isEqualTo("HTTP/1.1 200 OK");
      }
      assertThat(TestCollector.next(told))
          .contains("\"kuma.mesh\":\"default\"", "\"http.status_code\":\"200\"");
    } finally {
      zipkin.stop(0);
    }
  }

  @Test
  void aLogThatComesWithAReloadIsWrittenFromTheNextConnectionOn() throws Exception {
    OutsideWorld world = start();
    assertThat(status(world, shop)).isEqualTo("HTTP/1.1 200 OK");
    files.put(
        "log.yaml",
        log("{kind: Mesh}", "default: {backends: [%s]}".formatted(toFile("%RESPONSE_CODE%"))));
    world.egress.reload();
    assertThat(world.egress.proxy.notices()).extracting(Problem::message).isEmpty();
    assertThat(status(world, shop)).isEqualTo("HTTP/1.1 200 OK");
    assertThat(lines(1)).containsExactly("200");
  }
}
