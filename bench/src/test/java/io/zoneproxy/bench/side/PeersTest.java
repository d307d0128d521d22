package io.zoneproxy.bench.side;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeersTest {
  private static final String NAME = "a.example";

  private final Path folder;

  PeersTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void haproxySplicesOnlyWhenAsked() {
    String spliced = new Haproxy(true).configuration(place(2));
    String plain = new Haproxy(false).configuration(place(1));

    assertThat(spliced)
        .contains("nbthread 2", "tune.pipesize 1048576", "splice-request", "splice-response");
    assertThat(plain).contains("nbthread 1").doesNotContain("splice", "pipesize");
  }

  @Test
  void eachPeerListensRoutesTheNameAndWritesNoAccessLog() {
    for (String configuration :
        List.of(
            new Haproxy(true).configuration(place(1)),
            new Nginx().configuration(place(1)),
            new Sniproxy().configuration(place(1)))) {
      assertThat(configuration)
          .contains("127.0.0.1:7010", "127.0.0.1:9000", NAME)
          .doesNotContain("access_log", "\n  log ");
    }
    assertThat(new Envoy(folder).configuration(place(1)))
        .contains("port_value: 7010", "port_value: 9000", "server_names: [\"a.example\"]")
        .doesNotContain("access_log");
  }

  @Test
  void nginxForwardsHalfACloseAndHasAWorkerForEachLoop() {
    assertThat(new Nginx().configuration(place(2)))
        .contains("proxy_half_close on;", "worker_processes 2;", "reuseport");
  }

  @Test
  void envoyIsFoundByItsSizeWhereverTheWheelPutsIt() throws IOException {
    Envoy envoy = new Envoy(folder);
    assertThat(envoy.absence()).isPresent();

    Path binary = Files.createDirectories(folder.resolve("envoy/_bin")).resolve("envoy");
    Files.write(binary, new byte[2 << 20]);

    assertThat(envoy.absence()).isEmpty();
    assertThat(envoy.prepare(place(2)).orElseThrow().command())
        .startsWith(binary.toString())
        .containsSequence("--concurrency", "2");
  }

  @Test
  void zoneproxyIsStartedByItsLauncherWithoutAnAccessLog() throws IOException {
    Zoneproxy zoneproxy = new Zoneproxy(Path.of("/repository"), "-Xmx1g");
    Launch launch = zoneproxy.prepare(place(2)).orElseThrow();

    assertThat(launch.command())
        .startsWith("/repository/config/bin/zoneproxy")
        .contains("--concurrency=2", "--access-log=off", "--zone=east");
    assertThat(launch.environment())
        .containsEntry("ZONEPROXY_JAVA_OPTS", "-Xmx1g")
        .containsEntry("KUMA_READINESS_PORT", "7012");
    assertThat(Zoneproxy.resources(place(1)).resolve("zone.yaml")).isNotEmptyFile();
  }

  @Test
  void routesANameThatEveryPeerTakesForADnsName() {
    assertThat(Zoneproxy.serverName()).matches("[a-z0-9.-]+").endsWith(".ms");
  }

  @Test
  void readsACounterOfTheAdminPort() throws IOException {
    String stats = "zoneproxy.config_applied: 12\nzoneproxy.config_rejected: 3\n";

    assertThat(Admin.value(stats, "zoneproxy.config_rejected")).isEqualTo(3);
    assertThatThrownBy(() -> Admin.value(stats, "zoneproxy.config"))
        .hasMessageContaining("no zoneproxy.config");
  }

  private Place place(int loops) {
    return new Place(folder, 7010, 7011, 9000, NAME, loops);
  }
}
