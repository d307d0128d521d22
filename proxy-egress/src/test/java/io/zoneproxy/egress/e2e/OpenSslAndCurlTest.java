package io.zoneproxy.egress.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.observe.ConnectionRecord;
import io.zoneproxy.egress.demo.DemoMesh;
import io.zoneproxy.egress.demo.Shell;
import io.zoneproxy.egress.demo.Shell.Outcome;
import io.zoneproxy.egress.e2e.KumaTexts.Instance;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The clients that an operator has at hand, through both proxies. */
final class OpenSslAndCurlTest {
  private final DemoMesh mesh;
  private final BoringPeers peers;
  private final TwoZones zones;

  OpenSslAndCurlTest(@TempDir Path folder) throws IOException, GeneralSecurityException {
    mesh = DemoMesh.create();
    peers = new BoringPeers(mesh, mesh.client());
    int port = mesh.startHttp(peers.loop(), "echo");
    zones = TwoZones.in(folder).with(Instance.of("echo", port)).withHashedName("echo").start();
  }

  @AfterEach
  void close() throws IOException {
    zones.close();
    mesh.close(); // its service runs on the loop of the peers
    peers.close();
  }

  @Test
  void opensslGetsAnAnswerByTheTagForm() throws Exception {
    assertAnsweredBy(openssl(TwoZones.tagged("echo")));
    assertPassed(TwoZones.tagged("echo"));
  }

  @Test
  void opensslGetsAnAnswerWithTls12() throws Exception {
    assertAnsweredBy(openssl(TwoZones.tagged("echo"), "-tls1_2"));
  }

  @Test
  void opensslIsRefusedWithoutAServerName() throws Exception {
    assertThat(openssl("", "-noservername").output()).doesNotContain("caller:");
    assertThat(zones.egress.nextClosed().reason()).isEqualTo(CloseReason.NO_SNI);
    assertThat(zones.ingress.closed).isEmpty();
  }

  @Test
  void curlGetsAnAnswerByTheHashForm() throws Exception {
    assertAnsweredBy(curl("https://" + TwoZones.hashed("echo") + "/from-curl"));
    assertPassed(TwoZones.hashed("echo"));
  }

  @Test
  void curlIsRefusedByAnotherName() throws Exception {
    Outcome outcome = curl("https://echo.example/");
    assertThat(outcome.code()).isNotZero();
    ConnectionRecord closed = zones.egress.nextClosed();
    assertThat(closed.reason()).isEqualTo(CloseReason.NO_ROUTE);
    assertThat(closed.serverName()).isEqualTo("echo.example");
  }

  private Outcome openssl(String serverName, String... more)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "openssl",
                "s_client",
                "-connect",
                "127.0.0.1:" + zones.door().getPort(),
                "-CAfile",
                "ca.pem",
                "-cert",
                "client.pem",
                "-key",
                "client.key",
                "-verify_return_error",
                "-quiet"));
    if (!serverName.isEmpty()) {
      command.addAll(List.of("-servername", serverName));
    }
    command.addAll(List.of(more));
    return run(command, "GET /x HTTP/1.1\r\nHost: echo\r\nConnection: close\r\n\r\n");
  }

  /** As a browser: the name is looked up, its certificate verified. */
  private Outcome curl(String url) throws IOException, InterruptedException {
    return run(
        List.of(
            "curl",
            "--silent",
            "--show-error",
            "--noproxy",
            "*",
            "--connect-to",
            "::127.0.0.1:" + zones.door().getPort(),
            "--cacert",
            "ca.pem",
            "--cert",
            "client.pem",
            "--key",
            "client.key",
            url),
        "");
  }

  private Outcome run(List<String> command, String input) throws IOException, InterruptedException {
    Shell.assumeThere(command.get(0));
    // Its end would be a wish to go for s_client.
    return Shell.run(mesh.folder(), input, command.toArray(String[]::new));
  }

  private static void assertAnsweredBy(Outcome outcome) {
    assertThat(outcome.output())
        .contains("zone: west", "service: echo", "caller: spiffe://default/demo-client");
    assertThat(outcome.code()).as(outcome.output()).isZero();
  }

  private void assertPassed(String serverName) {
    for (RunningProxy proxy : List.of(zones.egress, zones.ingress)) {
      ConnectionRecord closed = proxy.nextClosed();
      // Who closes with TLS's last word unread resets; whether it had come by then is chance.
      assertThat(closed.reason())
          .as(closed.toString())
          .isIn(CloseReason.DONE, CloseReason.DOWNSTREAM_RESET);
      assertThat(closed.serverName()).isEqualTo(serverName);
    }
  }
}
