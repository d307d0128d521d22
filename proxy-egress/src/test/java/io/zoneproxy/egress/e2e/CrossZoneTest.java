package io.zoneproxy.egress.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.observe.ConnectionRecord;
import io.zoneproxy.egress.demo.DemoMesh;
import io.zoneproxy.egress.e2e.BoringPeers.Exchange;
import io.zoneproxy.egress.e2e.BoringPeers.Service;
import io.zoneproxy.egress.e2e.HelloCutter.Cut;
import io.zoneproxy.egress.e2e.KumaTexts.Instance;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A service of one zone reaches one of another over TLS that no proxy ends. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CrossZoneTest {
  private static final byte[] CONTENT = "what is sent".getBytes(StandardCharsets.UTF_8);

  /** More than all buffers between the two ends. */
  private static final int BULK_BYTES = 8 << 20;

  private final DemoMesh mesh;
  private final BoringPeers peers;
  private final Service first;
  private final Service second;

  @TempDir private Path folder = Path.of("");

  CrossZoneTest() throws IOException, GeneralSecurityException {
    mesh = DemoMesh.create();
    peers = new BoringPeers(mesh, mesh.client());
    first = peers.service(mesh.issue("echo"));
    second = peers.service(mesh.issue("echo"));
  }

  @BeforeAll
  void theTwoServicesDiffer() {
    assertThat(first.identity()).isNotEqualTo(second.identity());
  }

  @AfterAll
  void close() throws IOException {
    peers.close();
    mesh.close();
  }

  @Test
  void bothEndsSeeEachOthersCertificates() throws Exception {
    try (TwoZones zones = TwoZones.in(folder).with(echo(first)).start()) {
      first.callers().clear();
      Exchange exchange = exchange(zones, "echo{mesh=default}", Cut.NOT);
      assertThat(exchange.content()).isEqualTo(ByteBuffer.wrap(CONTENT));
      assertThat(exchange.peer()).isEqualTo(first.identity().certificate());
      assertThat(first.nextCaller()).isEqualTo(mesh.client().certificate());
      assertDone(zones.egress.nextClosed(), "default:echo", "echo{mesh=default}");
      ConnectionRecord inWest = zones.ingress.nextClosed();
      assertDone(inWest, "default:echo", "echo{mesh=default}");
      assertThat(inWest.upstream()).hasToString("/127.0.0.1:" + first.port());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "echo{mesh=default,version=v2}",
        "echo{kuma.io/zone=west,mesh=default,version=v2}",
        "echo{mesh=default,team=a,version=v2}"
      })
  void tagsChooseTheInstance(String serverName) throws Exception {
    Instance other = echo(first).with("kuma.io/zone", "west").with("version", "v1");
    Instance meant =
        echo(second).with("kuma.io/zone", "west").with("version", "v2").with("team", "a");
    try (TwoZones zones = TwoZones.in(folder).with(other, meant).start()) {
      for (int i = 0; i < 4; i++) {
        assertThat(exchange(zones, serverName, Cut.NOT).peer())
            .isEqualTo(second.identity().certificate());
      }
    }
  }

  @Test
  void withoutTagsAllInstancesTakeTurns() throws Exception {
    try (TwoZones zones =
        TwoZones.in(folder)
            .with(echo(first).with("version", "v1"), echo(second).with("version", "v2"))
            .start()) {
      first.callers().clear();
      second.callers().clear();
      for (int i = 0; i < 8; i++) {
        exchange(zones, "echo{mesh=default}", Cut.NOT);
      }
      assertThat(first.callers()).hasSize(4);
      assertThat(second.callers()).hasSize(4);
    }
  }

  @ParameterizedTest
  @EnumSource(Cut.class)
  void theClientHelloMayComeInAnyPieces(Cut cut) throws Exception {
    try (TwoZones zones = TwoZones.in(folder).with(echo(first)).start()) {
      assertThat(exchange(zones, "echo{mesh=default}", cut).content())
          .isEqualTo(ByteBuffer.wrap(CONTENT));
      assertDone(zones.egress.nextClosed(), "default:echo", "echo{mesh=default}");
      assertDone(zones.ingress.nextClosed(), "default:echo", "echo{mesh=default}");
    }
  }

  @Test
  void theServerNameMayBeInUpperCase() throws Exception {
    try (TwoZones zones = TwoZones.in(folder).with(echo(first).with("version", "Canary")).start()) {
      String shouted = "echo{mesh=default,version=Canary}".toUpperCase(Locale.ROOT);
      assertThat(exchange(zones, shouted, Cut.NOT).content()).isEqualTo(ByteBuffer.wrap(CONTENT));
      assertThat(zones.egress.nextClosed().serverName())
          .isEqualTo("echo{mesh=default,version=canary}");
    }
  }

  @Test
  void manyMegabytesPassUnchanged() throws Exception {
    byte[] bulk = new byte[BULK_BYTES];
    new Random(7).nextBytes(bulk);
    try (TwoZones zones = TwoZones.in(folder).with(echo(first)).start()) {
      Exchange exchange = peers.exchange(zones.door(), "echo{mesh=default}", Cut.NOT, bulk);
      assertThat(exchange.content()).isEqualTo(ByteBuffer.wrap(bulk));
    }
  }

  @Test
  void jdkPeersMeetByTheHashFormStraightAtTheIngress() throws Exception {
    JdkPeers jdk = new JdkPeers(mesh);
    try (JdkPeers.Service service = jdk.service(mesh.issue("echo"));
        TwoZones zones = TwoZones.in(folder).with(Instance.of("echo", service.port())).start()) {
      Exchange exchange =
          jdk.exchange(zones.ingress.address(), TwoZones.hashed("echo"), mesh.client(), CONTENT);
      assertThat(exchange.content()).isEqualTo(ByteBuffer.wrap(CONTENT));
      assertThat(service.callers().take()).isEqualTo(mesh.client().certificate());
      ConnectionRecord closed = zones.ingress.nextClosed();
      assertThat(closed.reason()).isEqualTo(CloseReason.DONE);
      assertThat(closed.chain()).isEqualTo(TwoZones.hashed("echo"));
    }
  }

  @Test
  void aJdkClientReachesBoringSslByTheHashForm() throws Exception {
    try (TwoZones zones = TwoZones.in(folder).with(echo(first)).withHashedName("echo").start()) {
      Exchange exchange =
          new JdkPeers(mesh)
              .exchange(zones.door(), TwoZones.hashed("echo"), mesh.client(), CONTENT);
      assertThat(exchange.content()).isEqualTo(ByteBuffer.wrap(CONTENT));
      assertThat(exchange.peer()).isEqualTo(first.identity().certificate());
    }
  }

  @Test
  void meshesDoNotMeet() throws Exception {
    try (TwoZones zones =
        TwoZones.in(folder)
            .meshes(KumaTexts.mesh("default"), KumaTexts.mesh("other"))
            .with(echo(first), echo(second).in("other"))
            .start()) {
      assertThat(exchange(zones, "echo{mesh=default}", Cut.NOT).peer())
          .isEqualTo(first.identity().certificate());
      assertThat(exchange(zones, "echo{mesh=other}", Cut.NOT).peer())
          .isEqualTo(second.identity().certificate());
    }
  }

  @Test
  void strangersAreTurnedAwayByTheTwoEndsThemselves() throws Exception {
    try (DemoMesh stranger = DemoMesh.create();
        BoringPeers strangers = new BoringPeers(stranger, stranger.client());
        TwoZones zones = TwoZones.in(folder).with(echo(first)).start()) {
      first.callers().clear();
      assertThatThrownBy(
              () -> strangers.exchange(zones.door(), "echo{mesh=default}", Cut.NOT, CONTENT))
          .isInstanceOf(IOException.class);
      assertThat(first.callers()).isEmpty();
      // Passthrough: for the proxies it was a connection as any other.
      assertThat(zones.ingress.nextClosed().upstream()).isNotNull();
    }
  }

  private Exchange exchange(TwoZones zones, String serverName, Cut cut) throws IOException {
    return peers.exchange(zones.door(), serverName, cut, CONTENT);
  }

  private static Instance echo(Service service) {
    return Instance.of("echo", service.port());
  }

  private static void assertDone(ConnectionRecord closed, String cluster, String serverName) {
    assertThat(closed.reason()).as(closed.toString()).isEqualTo(CloseReason.DONE);
    assertThat(closed.cluster()).isEqualTo(cluster);
    assertThat(closed.serverName()).isEqualTo(serverName);
    assertThat(closed.chain()).isEqualTo(serverName);
    assertThat(closed.connectAttempts()).isEqualTo(1);
  }
}
