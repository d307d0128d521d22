package io.zoneproxy.egress.driven;

import static io.zoneproxy.egress.driven.DrivenZone.EGRESS;
import static io.zoneproxy.egress.driven.DrivenZone.INGRESS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.zoneproxy.cp.Xds;
import io.zoneproxy.egress.e2e.EchoService;
import io.zoneproxy.egress.e2e.RawClient;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process, from its environment to its exit code. */
@EnabledOnOs(OS.LINUX)
final class DrivenProcessTest {
  private static final String NAME = "a{mesh=default}";
  private static final Duration PATIENCE = Duration.ofSeconds(60); // a JVM's start, when busy

  private final Path folder;
  private final DrivenZone zone;
  private final EchoService echo = new EchoService();
  private final int readiness = DrivenZone.freePort("127.0.0.1");
  private final int admin = DrivenZone.freePort("127.0.0.1");

  DrivenProcessTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    zone = new DrivenZone(folder);
    for (String type : List.of(EGRESS, INGRESS)) {
      zone.cluster(type, "a", List.of(Xds.endpoint(echo.port(), Map.of("mesh", "default"))));
      zone.chain(type, "a", Map.of());
      zone.listen(type);
    }
  }

  @AfterEach
  void close() throws IOException {
    echo.close();
    zone.close();
  }

  /** As Kuma's chart has it, but for the paths. */
  private Map<String, String> chart(String type) {
    Map<String, String> variables = new HashMap<>();
    variables.put("KUMA_DATAPLANE_PROXY_TYPE", type);
    variables.put("POD_NAME", "kuma-" + type + "-0");
    variables.put("POD_NAMESPACE", "kuma-system");
    variables.put("HOST_IP", "192.0.2.7");
    variables.put("KUMA_CONTROL_PLANE_URL", zone.controlPlane.address().toString());
    variables.put("KUMA_CONTROL_PLANE_CA_CERT_FILE", zone.ca.toString());
    variables.put("KUMA_DATAPLANE_DRAIN_TIME", "40s");
    variables.put("KUMA_DATAPLANE_RUNTIME_TOKEN_PATH", zone.token.toString());
    variables.put("KUMA_READINESS_PORT", String.valueOf(readiness));
    return variables;
  }

  private List<String> flags(String types, String... more) throws IOException {
    List<String> flags =
        new ArrayList<>(
            List.of(
                "run",
                "--proxy-type=" + types,
                "--cp-address=" + zone.controlPlane.address(),
                "--ca-cert-file=" + zone.ca,
                "--dataplane-token-file=" + zone.token,
                "--readiness-port=" + readiness,
                "--access-log=off"));
    for (String type : types.split(",", -1)) {
      flags.add("--dataplane-file=" + zone.resource(type, admin));
    }
    flags.addAll(List.of(more));
    return flags;
  }

  private void echoes(String type) throws IOException {
    byte[] hello = RawClient.hello(NAME);
    try (RawClient client = RawClient.dial(zone.door(type), NAME)) {
      assertThat(client.read(hello.length)).isEqualTo(hello);
    }
  }

  private record Page(int status, String body) {}

  private static Page get(int port, String path) throws IOException {
    HttpURLConnection call =
        (HttpURLConnection) URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
    int status = call.getResponseCode();
    var body = status < 400 ? call.getInputStream() : call.getErrorStream();
    return new Page(
        status, body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8));
  }

  @Test
  void variablesAloneAreEnoughAsInKumasChart() throws Exception {
    try (ChildProxy egress = ChildProxy.start(folder, chart(EGRESS), List.of("run"))) {
      egress.awaitLog("egress kuma-egress-0.kuma-system is ready");

      echoes(EGRESS);
      assertThat(get(readiness, "/ready")).isEqualTo(new Page(200, "READY"));
      var asked = zone.controlPlane.bootstraps.get(0);
      assertThat(asked.get("name").getAsString()).isEqualTo("kuma-egress-0.kuma-system");
      assertThat(asked.get("dataplaneResource").getAsString()).isEmpty();
      assertThat(asked.getAsJsonObject("dynamicMetadata").get("HOST_IP").getAsString())
          .isEqualTo("192.0.2.7");
    }
  }

  @Test
  void afterATermItIsNotReadyEndsItsStreamAndAcceptsAWhile() throws Exception {
    List<String> flags = flags(INGRESS, "--drain-time=10m", "--drain-accept-idle=6s");
    try (ChildProxy ingress = ChildProxy.start(folder, Map.of(), flags)) {
      ingress.awaitLog("ingress ingress-1 is ready");
      echoes(INGRESS);
      RawClient live = RawClient.dial(zone.door(INGRESS), NAME);
      byte[] hello = RawClient.hello(NAME);
      assertThat(live.read(hello.length)).isEqualTo(hello);

      ingress.terminate();

      await().until(() -> get(readiness, "/ready").status() == 503);
      await().until(() -> zone.ads(INGRESS).halfClosed() == 1);
      assertThat(zone.ads(INGRESS).openStreams()).isZero();
      echoes(INGRESS);
      live.send(hello);
      assertThat(live.read(hello.length)).isEqualTo(hello);
      live.close();
      assertThat(ingress.exitCode()).isZero();
      assertThat(ingress.log()).contains("drained: 0 connections were cut");
      assertThat(ingress.log()).doesNotContain("Exception", "ERROR");
    }
  }

  @Test
  void afterAKillItServesFromDiskUntilTheControlPlaneIsBack() throws Exception {
    Path work = folder.resolve("work");
    List<String> flags = flags(INGRESS, "--work-dir=" + work);
    Map<String, String> often = Map.of("KUMA_CONTROL_PLANE_RETRY_BACKOFF", "100ms");
    try (ChildProxy first = ChildProxy.start(folder, often, flags)) {
      first.awaitLog("ingress ingress-1 is ready");
      await().atMost(PATIENCE).until(() -> isKept(work));
      zone.controlPlane.stop();
      first.kill();
    }
    zone.ads(INGRESS).asked.clear();
    try (ChildProxy second = ChildProxy.start(folder, often, flags)) {
      second.awaitLog("ingress ingress-1 is ready");
      assertThat(second.log()).contains("serving the last known good configuration");
      echoes(INGRESS);
      RawClient live = RawClient.dial(zone.door(INGRESS), NAME);
      byte[] hello = RawClient.hello(NAME);
      assertThat(live.read(hello.length)).isEqualTo(hello);

      zone.controlPlane.start();
      second.awaitLog("the control plane is back");

      live.send(hello);
      assertThat(live.read(hello.length)).isEqualTo(hello);
      live.close();
      assertThat(zone.ads(INGRESS).asked.get(0).resource()).contains("availableServices");
      assertThat(second.log().indexOf("is ready"))
          .isLessThan(second.log().indexOf("the control plane is back"));
      assertThat(second.log()).doesNotContain("Exception", "ERROR", "removed");
    }
  }

  private static boolean isKept(Path work) throws IOException {
    try (Stream<Path> files = Files.list(work)) {
      return files.anyMatch(
          file ->
              file.getFileName().toString().startsWith("last-known-good-")
                  && !file.toString().endsWith(".new"));
    }
  }

  @Test
  void twoRolesShareATokenAndAnAdminPort() throws Exception {
    Path work = folder.resolve("work");
    AdminListener pushed = new AdminListener("127.0.0.2", admin);
    pushed.push(zone.ads(EGRESS), work, readiness);
    List<String> flags = flags("ingress,egress", "--drain-accept-idle=0s", "--work-dir=" + work);
    try (ChildProxy both = ChildProxy.start(folder, Map.of(), flags)) {
      both.awaitLog("ingress ingress-1, egress egress-1 is ready");

      echoes(EGRESS);
      echoes(INGRESS);
      assertThat(get(admin, "/stats").status()).isEqualTo(200);
      assertThat(get(admin, "/clusters").body())
          .contains("egress/default:a::", "ingress/default:a::");
      assertThat(get(admin, "/config_dump").body())
          .contains("inbound:127.0.0.2:" + zone.door(EGRESS).getPort())
          .contains("inbound:127.0.0.2:" + zone.door(INGRESS).getPort())
          .doesNotContain("c2ln");
      answersTheControlPlane(pushed);
      both.terminate();
      assertThat(both.exitCode()).isZero();
      await().until(() -> zone.ads(EGRESS).halfClosed() == 1);
    }
  }

  private static void answersTheControlPlane(AdminListener pushed) throws Exception {
    assertThat(pushed.get("/ready")).startsWith("HTTP/1.1 200").endsWith("READY");
    assertThat(pushed.get("/config_dump"))
        .startsWith("HTTP/1.1 200")
        .contains("ListenersConfigDump", "kuma:envoy:admin")
        .doesNotContain("PRIVATE KEY");
    assertThat(pushed.get("/stats")).startsWith("HTTP/1.1 200").contains("cluster.", "listener.");
    assertThat(pushed.get("/clusters")).startsWith("HTTP/1.1 200").contains("default:a::");
    assertThat(pushed.get("/clusters?format=json"))
        .startsWith("HTTP/1.1 200")
        .contains("\"cluster_statuses\"");
  }

  @Test
  void aControlPlaneThatWillNeverAnswerEndsTheProcess() throws Exception {
    zone.controlPlane.answerBootstraps(422, "A token is required");
    try (ChildProxy refused = ChildProxy.start(folder, Map.of(), flags(EGRESS))) {
      assertThat(refused.exitCode()).isEqualTo(1);
      assertThat(refused.log()).contains("ERROR", "token is required (expected: ");
      assertThat(refused.log()).doesNotContain("Exception", "\tat ");
    }
  }

  @Test
  void anUnknownHostAndAPortWithoutAControlPlaneEndTheProcess() throws Exception {
    Map<String, String> soon =
        Map.of(
            "KUMA_CONTROL_PLANE_RETRY_MAX_DURATION", "10ms",
            "KUMA_CONTROL_PLANE_RETRY_BACKOFF", "1ms");
    String nobody = "--cp-address=https://127.0.0.1:" + DrivenZone.freePort("127.0.0.1");
    try (ChildProxy unknown =
        ChildProxy.start(
            folder, soon, flags(EGRESS, "--cp-address=https://no-such-host.invalid:5678"))) {
      assertThat(unknown.exitCode()).isEqualTo(1);
      assertThat(unknown.log())
          .contains("the name has no address", "--cp-address")
          .doesNotContain("Exception", "\tat ");
    }
    try (ChildProxy global = ChildProxy.start(folder, soon, flags(EGRESS, nobody))) { // same ports
      assertThat(global.exitCode()).isEqualTo(1);
      assertThat(global.log())
          .contains("a global control plane has no such port")
          .doesNotContain("Exception", "\tat ");
    }
  }

  @Test
  void aTokenThatTheStreamRefusesIsExplainedAndTriedAgain() throws Exception {
    zone.ads(EGRESS)
        .refuse(Status.UNKNOWN.withDescription("authentication failed: signature is invalid"));
    try (ChildProxy refused = ChildProxy.start(folder, Map.of(), flags(EGRESS))) {
      refused.awaitLog("the token was signed by another control plane");
      assertThat(get(readiness, "/ready").status()).isEqualTo(503);
      zone.ads(EGRESS).refuse(null);
      refused.awaitLog("egress egress-1 is ready");
      echoes(EGRESS);
    }
  }
}
