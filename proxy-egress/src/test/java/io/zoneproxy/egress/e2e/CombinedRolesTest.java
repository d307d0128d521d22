package io.zoneproxy.egress.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zoneproxy.core.observe.ListenerStatus;
import io.zoneproxy.core.relay.TestUpstream;
import io.zoneproxy.egress.EgressRole;
import io.zoneproxy.egress.e2e.KumaTexts.Instance;
import io.zoneproxy.ingress.DataplaneRole;
import io.zoneproxy.ingress.IngressRole;
import io.zoneproxy.ingress.launch.Launcher;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small zone: ingress and egress in one process, and a service of one name in both zones. */
final class CombinedRolesTest {
  private static final String ECHO = TwoZones.tagged("echo");

  private final Path folder;
  private final TestUpstream here = new TestUpstream(socket -> answer(socket, "here"));
  private final TestUpstream there = new TestUpstream(socket -> answer(socket, "away"));

  CombinedRolesTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
  }

  @AfterEach
  void close() throws IOException {
    here.close();
    there.close();
  }

  @Test
  void oneProxyHoldsBothRolesApart() throws IOException {
    int ingress = TestUpstream.refusing().port();
    int egress = TestUpstream.refusing().port();
    try (RunningProxy proxy =
        RunningProxy.start(
            "east",
            files(),
            builder -> builder,
            KumaTexts.own("ZoneIngress", "east", ingress, 0),
            KumaTexts.own("ZoneEgress", "east", egress, 0))) {
      assertThat(proxy.proxy.view().listeners())
          .extracting(ListenerStatus::address)
          .extracting(InetSocketAddress::getPort)
          .containsExactlyInAnyOrder(ingress, egress);
      assertRightWays(ingress, egress);
      assertThat(proxy.nextClosed().listener()).isNotEqualTo(proxy.nextClosed().listener());
    }
  }

  @Test
  void theLauncherRunsBothFromTwoFiles() throws Exception {
    int ingress = TestUpstream.refusing().port();
    int egress = TestUpstream.refusing().port();
    int admin = TestUpstream.refusing().port();
    int readiness = TestUpstream.refusing().port();
    Path ingressFile =
        Files.writeString(
            folder.resolve("ingress.yaml"), KumaTexts.own("ZoneIngress", "east", ingress, admin));
    Path egressFile =
        Files.writeString(
            folder.resolve("egress.yaml"), KumaTexts.own("ZoneEgress", "east", egress, 0));
    Launcher launcher =
        new Launcher(
            "egress",
            List.of(new EgressRole(), new IngressRole(), new DataplaneRole()),
            Map.of(),
            InputStream.nullInputStream());
    CompletableFuture<Integer> run =
        CompletableFuture.supplyAsync(
            () ->
                launcher.run(
                    "--proxy-type=ingress,egress",
                    "--dataplane-file=" + ingressFile,
                    "--dataplane-file=" + egressFile,
                    "--resources=" + files().folder(),
                    "--zone=east",
                    "--access-log=off",
                    "--log-level=off",
                    "--readiness-port=" + readiness));
    await().until(() -> run.isDone() || ask(admin, "GET /ready").contains("200 OK"));
    assertThat(run).as("still running").isNotDone();
    assertRightWays(ingress, egress);
    assertThat(ask(readiness, "GET /ready")).contains("200 OK");
    assertThat(ask(admin, "GET /listeners")).contains(":" + ingress).contains(":" + egress);
    ask(admin, "POST /quitquitquit");
    assertThat(run.get(20, TimeUnit.SECONDS)).isZero();
  }

  /** East has one itself, and west has one behind what stands for its ingress. */
  private ZoneFiles files() {
    return ZoneFiles.in(folder, "east")
        .put("mesh.yaml", KumaTexts.mesh("default"))
        .put(
            "dataplanes.yaml",
            TwoZones.dataplanes(List.of(Instance.of("echo", here.address().port()))))
        .put(
            "west.yaml",
            KumaTexts.ingress(
                "west",
                "ingress-west",
                loopback(there.address().port()),
                KumaTexts.available("default", Map.of("kuma.io/service", "echo"), 1)));
  }

  private void assertRightWays(int ingress, int egress) throws IOException {
    assertThat(answerOf(ingress)).isEqualTo("here");
    assertThat(answerOf(egress)).isEqualTo("away");
    assertThat(here.connections).hasValue(1);
    assertThat(there.connections).hasValue(1);
  }

  private static String answerOf(int port) throws IOException {
    try (RawClient client = RawClient.dial(loopback(port), ECHO)) {
      return new String(client.read(4), US_ASCII);
    }
  }

  private static void answer(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(US_ASCII));
    socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
  }

  private static String ask(int port, String request) {
    try (RawClient client = RawClient.dial(loopback(port))) {
      client.send(
          (request + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").getBytes(US_ASCII));
      return new String(client.readToTheEnd(), US_ASCII);
    } catch (IOException e) {
      return ""; // not listening yet
    }
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }
}
