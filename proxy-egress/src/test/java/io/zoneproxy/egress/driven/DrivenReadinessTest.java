package io.zoneproxy.egress.driven;

import static io.zoneproxy.egress.driven.DrivenZone.EGRESS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zoneproxy.cp.Xds;
import io.zoneproxy.cp.resource.ResourceType;
import io.zoneproxy.tls.identity.TestAuthority;
import io.zoneproxy.tls.identity.TestAuthority.Issued;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A process that has been given chains, and what it tells whoever probes it. */
@EnabledOnOs(OS.LINUX)
final class DrivenReadinessTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60); // what is kept comes later

  private final DrivenZone zone;
  private final Path folder;
  private final Path work;
  private final int readiness = DrivenZone.freePort("127.0.0.1");
  private final int admin = DrivenZone.freePort("127.0.0.1");

  DrivenReadinessTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    this.work = folder.resolve("work");
    zone = new DrivenZone(folder);
    Issued egress = TestAuthority.create("mesh").order().uri("spiffe://default/egress").issue();
    zone.ads(EGRESS)
        .put(
            ResourceType.SECRET,
            "identity",
            Xds.certificate("identity", egress.chainPem(), egress.keyPem()));
    zone.cluster(EGRESS, "a", List.of(Xds.endpoint(1, Map.of())));
    zone.add(
        EGRESS, Xds.ending(Xds.passthrough("a{mesh=default}", "default:a", Map.of()), "identity"));
    zone.listen(EGRESS);
  }

  @AfterEach
  void close() {
    zone.close();
  }

  private ChildProxy start() throws IOException {
    return ChildProxy.start(
        folder,
        Map.of("KUMA_CONTROL_PLANE_RETRY_BACKOFF", "100ms"),
        List.of(
            "run",
            "--proxy-type=egress",
            "--cp-address=" + zone.controlPlane.address(),
            "--ca-cert-file=" + zone.ca,
            "--dataplane-token-file=" + zone.token,
            "--readiness-port=" + readiness,
            "--access-log=off",
            "--dataplane-file=" + zone.resource(EGRESS, admin),
            "--work-dir=" + work));
  }

  private String ready() throws IOException {
    HttpURLConnection call =
        (HttpURLConnection)
            URI.create("http://127.0.0.1:" + readiness + "/ready").toURL().openConnection();
    return call.getResponseCode() + " " + call.getResponseMessage();
  }

  private boolean isKept() throws IOException {
    try (var files = Files.newDirectoryStream(work, "last-known-good-*egress-1")) {
      return files.iterator().hasNext();
    }
  }

  @Test
  void afterAKillItIsNotReadyUntilTheKeysOfItsOnlyChainsAreThere() throws Exception {
    try (ChildProxy first = start()) {
      first.awaitLog("egress egress-1 is ready");
      await().atMost(PATIENCE).until(this::isKept);
      zone.controlPlane.stop();
      first.kill();
    }
    try (ChildProxy second = start()) {
      second.awaitLog("not ready: none of the chains can serve (1); a{mesh=default}: ");
      assertThat(second.log()).contains("secret identity").doesNotContain("is ready after");
      assertThat(ready()).startsWith("503");

      zone.controlPlane.start();

      second.awaitLog("egress egress-1 is ready");
      assertThat(ready()).startsWith("200");
      assertThat(second.log()).contains("chains that can serve now: 1");
    }
  }
}
