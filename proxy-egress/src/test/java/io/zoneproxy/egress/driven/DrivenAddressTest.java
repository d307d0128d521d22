package io.zoneproxy.egress.driven;

import static io.zoneproxy.egress.driven.DrivenZone.EGRESS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zoneproxy.cp.Xds;
import io.zoneproxy.egress.e2e.EchoService;
import io.zoneproxy.egress.e2e.RawClient;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The program when addresses are taken, or are not those that they were. */
@EnabledOnOs(OS.LINUX)
final class DrivenAddressTest {
  private static final String NAME = "a{mesh=default}";
  private static final Duration PATIENCE = Duration.ofSeconds(60); // a JVM's start, when busy

  private final Path folder;
  private final DrivenZone zone;
  private final EchoService echo = new EchoService();
  private final int readiness = DrivenZone.freePort("127.0.0.1");
  private final int admin = DrivenZone.freePort("127.0.0.1");

  DrivenAddressTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    zone = new DrivenZone(folder);
    zone.cluster(EGRESS, "a", List.of(Xds.endpoint(echo.port(), Map.of("mesh", "default"))));
    zone.chain(EGRESS, "a", Map.of());
    zone.add(
        EGRESS, Xds.ending(Xds.passthrough("b{mesh=default}", "default:a", Map.of()), "never"));
    zone.listen(EGRESS);
  }

  @AfterEach
  void close() throws IOException {
    echo.close();
    zone.close();
  }

  private List<String> flags(Path resource, String... more) {
    List<String> flags =
        new ArrayList<>(
            List.of(
                "run",
                "--proxy-type=egress",
                "--cp-address=" + zone.controlPlane.address(),
                "--ca-cert-file=" + zone.ca,
                "--dataplane-token-file=" + zone.token,
                "--readiness-port=" + readiness,
                "--dataplane-file=" + resource,
                "--access-log=off"));
    flags.addAll(List.of(more));
    return flags;
  }

  private void echoes() throws IOException {
    byte[] hello = RawClient.hello(NAME);
    try (RawClient client = RawClient.dial(zone.door(EGRESS), NAME)) {
      assertThat(client.read(hello.length)).isEqualTo(hello);
    }
  }

  private static String get(int port, String path) throws IOException {
    HttpURLConnection call =
        (HttpURLConnection) URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
    int status = call.getResponseCode();
    var body = status < 400 ? call.getInputStream() : call.getErrorStream();
    return status + " " + new String(body.readAllBytes(), StandardCharsets.UTF_8);
  }

  private static int count(String words, String in) {
    return in.split(Pattern.quote(words), -1).length - 1;
  }

  @Test
  void takenPortsAreSaidOnceAndBoundWhenTheyAreFree() throws Exception {
    String door = zone.door(EGRESS).getHostString() + ":" + zone.door(EGRESS).getPort();
    try (ChildProxy egress =
        startBeside(
            new ServerSocket(zone.door(EGRESS).getPort(), 1, zone.door(EGRESS).getAddress()),
            new ServerSocket(admin, 1, InetAddress.getLoopbackAddress()),
            door)) {
      egress.awaitLog("egress egress-1 is ready");

      echoes();
      assertThat(get(readiness, "/ready")).isEqualTo("200 READY");
      egress.awaitLog("admin port: bound at last");
      assertThat(get(admin, "/config_dump")).contains("active_state").doesNotContain("error_state");
      assertThat(get(admin, "/stats"))
          .contains("zoneproxy.listeners_unbound: 0")
          .contains("zoneproxy.chains_unsupported: 0");
      assertThat(egress.log())
          .contains("listener inbound:" + door + ": bound at last", "ms on " + door + ", admin ")
          .doesNotContain("no service yet", "waits for an engine", "Exception", "ERROR");
      assertThat(count("cannot listen on " + door, egress.log())).isOne();
      assertThat(count("the admin interface is at", egress.log())).isOne();
    }
  }

  /** Started while these take its ports, and let go of them once it has said so. */
  private ChildProxy startBeside(ServerSocket traffic, ServerSocket local, String door)
      throws IOException {
    try (traffic;
        local) {
      Path resource = zone.resource(EGRESS, admin);
      ChildProxy egress = ChildProxy.start(folder, Map.of(), flags(resource));
      egress.awaitLog("cannot listen on " + door + ": the address is in use by another program");
      egress.awaitLog("admin port 127.0.0.1:" + admin + ": address in use");
      assertThat(get(readiness, "/ready")).isEqualTo("503 NOT_READY");
      assertThat(egress.log())
          .contains("the proxy is not ready until it can; it is tried again")
          .doesNotContain("egress egress-1 is ready");
      return egress;
    }
  }

  @Test
  void aKeptConfigurationAtAnotherPortIsServedAndSaid() throws Exception {
    Path work = folder.resolve("work");
    Path resource = zone.resource(EGRESS, admin);
    try (ChildProxy first =
        ChildProxy.start(folder, Map.of(), flags(resource, "--work-dir=" + work))) {
      first.awaitLog("egress egress-1 is ready");
      await().atMost(PATIENCE).until(() -> Files.exists(kept(work)));
      zone.controlPlane.stop();
      first.kill();
    }
    int old = zone.door(EGRESS).getPort();
    int other = DrivenZone.freePort("127.0.0.2");
    String moved = Files.readString(resource).replace("port: " + old, "port: " + other);
    Files.writeString(resource, moved);
    try (ChildProxy second =
        ChildProxy.start(folder, Map.of(), flags(resource, "--work-dir=" + work))) {
      second.awaitLog("egress egress-1 is ready");
      echoes();
      assertThat(second.log())
          .contains("listens at 127.0.0.2:" + old + " (expected: 127.0.0.2:" + other + ",");
    }
  }

  private static Path kept(Path work) {
    return work.resolve("last-known-good-.egress-1");
  }

  @Test
  void aKeptFileThatIsALinkIsSaidAndTheStartGoesOn() throws Exception {
    Path work = Files.createDirectories(folder.resolve("work"));
    Files.createSymbolicLink(kept(work), Path.of("/dev/zero"));
    try (ChildProxy egress =
        ChildProxy.start(
            folder, Map.of(), flags(zone.resource(EGRESS, admin), "--work-dir=" + work))) {
      egress.awaitLog("egress egress-1 is ready");
      assertThat(egress.log())
          .contains(
              kept(work)
                  + ": is a symbolic link (expected: a regular file; remove it); it is not used");
      echoes();
      await().atMost(PATIENCE).until(() -> !Files.isSymbolicLink(kept(work)));
    }
  }
}
