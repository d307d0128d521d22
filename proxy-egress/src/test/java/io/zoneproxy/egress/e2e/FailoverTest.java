package io.zoneproxy.egress.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.observe.ConnectionRecord;
import io.zoneproxy.core.relay.TestUpstream;
import io.zoneproxy.egress.demo.DemoMesh;
import io.zoneproxy.egress.e2e.BoringPeers.Service;
import io.zoneproxy.egress.e2e.HelloCutter.Cut;
import io.zoneproxy.egress.e2e.KumaTexts.Instance;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several ingresses lead to a service: which of them is taken, and what if it is dead. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FailoverTest {
  private static final byte[] CONTENT = "what is sent".getBytes(StandardCharsets.UTF_8);
  private static final String ECHO = TwoZones.tagged("echo");
  private static final int CONNECTIONS = 40;

  private final DemoMesh mesh;
  private final BoringPeers peers;
  private final Service service;

  @TempDir private Path folder = Path.of("");

  FailoverTest() throws IOException, GeneralSecurityException {
    mesh = DemoMesh.create();
    peers = new BoringPeers(mesh, mesh.client());
    service = peers.service(mesh.issue("echo"));
  }

  @AfterAll
  void close() throws IOException {
    peers.close();
    mesh.close();
  }

  /** What a load balancer does with a connection for an ingress that is gone. */
  enum Dead {
    /** Closes at once; the ClientHello may cross that. */
    CLOSES,
    /** Reads the ClientHello and closes. */
    READS_AND_CLOSES,
    /** Resets at once. */
    RESETS,
    /** Resets once it has read something. */
    READS_AND_RESETS;

    /** The socket is closed afterwards. */
    void serve(Socket socket) throws IOException {
      if (this == READS_AND_CLOSES || this == READS_AND_RESETS) {
        int count = socket.getInputStream().read(new byte[16 * 1024]);
        assertThat(count).isPositive();
      }
      if (this == RESETS || this == READS_AND_RESETS) {
        socket.setSoLinger(true, 0);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Dead.class)
  void everyHandshakeSucceedsThoughOneIngressIsDead(Dead dead) throws Exception {
    try (TestUpstream balancer = new TestUpstream(dead::serve);
        TwoZones zones = TwoZones.in(folder).with(Instance.of("echo", service.port())).start()) {
      zones.east.put("south.yaml", ingress("south", "ingress-south", address(balancer), 1));
      zones.reload();
      for (int i = 0; i < CONNECTIONS; i++) {
        assertThat(peers.exchange(zones.door(), ECHO, Cut.NOT, CONTENT).content())
            .isEqualTo(ByteBuffer.wrap(CONTENT));
        ConnectionRecord closed = zones.egress.nextClosed();
        assertThat(closed.reason()).as(closed.toString()).isEqualTo(CloseReason.DONE);
      }
      int met = balancer.connections.get();
      // A reset that comes with the connection is a dial that failed: three put out who does it.
      long failed = zones.egress.stats("default:echo").connectFail.sum();
      if (dead == Dead.RESETS && failed >= 3) {
        assertThat(met).isBetween(3, CONNECTIONS / 2);
      } else {
        assertThat(met).isEqualTo(CONNECTIONS / 2);
      }
      assertThat(zones.egress.stats("default:echo").failover.sum()).isEqualTo(met);
    }
  }

  @Test
  void everyHandshakeSucceedsThoughOneIngressRefusesConnections() throws Exception {
    try (TwoZones zones = TwoZones.in(folder).with(Instance.of("echo", service.port())).start()) {
      int refusing = TestUpstream.refusing().port();
      zones.east.put("south.yaml", ingress("south", "ingress-south", loopback(refusing), 3));
      zones.reload();
      for (int i = 0; i < CONNECTIONS; i++) {
        assertThat(peers.exchange(zones.door(), ECHO, Cut.NOT, CONTENT).content())
            .isEqualTo(ByteBuffer.wrap(CONTENT));
      }
      // Put out after three; on a slow machine once or twice more, for it is tried again.
      assertThat(zones.egress.stats("default:echo").connectFail.sum()).isBetween(3L, 12L);
    }
  }

  @Test
  void bothDeadIsTheUpstreamsFault() throws Exception {
    ZoneFiles east = ZoneFiles.in(folder, "east").put("mesh.yaml", KumaTexts.mesh("default"));
    try (TestUpstream one = new TestUpstream(Dead.READS_AND_CLOSES::serve);
        TestUpstream other = new TestUpstream(Dead.READS_AND_CLOSES::serve)) {
      east.put("west.yaml", ingress("west", "ingress-west", address(one), 1));
      east.put("south.yaml", ingress("south", "ingress-south", address(other), 1));
      try (RunningProxy egress = RunningProxy.egress("east", east, builder -> builder);
          RawClient client = RawClient.dial(egress.address(), ECHO)) {
        assertThat(client.readToTheEnd()).isEmpty();
        ConnectionRecord closed = egress.nextClosed();
        assertThat(closed.reason()).isEqualTo(CloseReason.UPSTREAM_CLOSED_EARLY);
        assertThat(closed.connectAttempts()).isEqualTo(2);
      }
    }
  }

  @Test
  void earlyDataGoesToOneIngressOnly() throws Exception {
    ZoneFiles east = ZoneFiles.in(folder, "east").put("mesh.yaml", KumaTexts.mesh("default"));
    try (TestUpstream one = new TestUpstream(Dead.READS_AND_CLOSES::serve);
        TestUpstream other = new TestUpstream(Dead.READS_AND_CLOSES::serve)) {
      east.put("west.yaml", ingress("west", "ingress-west", address(one), 1));
      east.put("south.yaml", ingress("south", "ingress-south", address(other), 1));
      try (RunningProxy egress = RunningProxy.egress("east", east, builder -> builder);
          RawClient client = RawClient.dial(egress.address())) {
        byte[] hello = RawClient.hello(ECHO);
        client.send(ByteBuffer.allocate(hello.length + 9).put(hello).put(CONTENT, 0, 9).array());
        assertThat(client.readToTheEnd()).isEmpty();
        client.socket.shutdownOutput();
        assertThat(egress.nextClosed().connectAttempts()).isEqualTo(1);
        assertThat(one.connections.get() + other.connections.get()).isEqualTo(1);
      }
    }
  }

  @Test
  void replicasBehindOneAddressAreNoMultipleWeight() throws Exception {
    ZoneFiles east = ZoneFiles.in(folder, "east").put("mesh.yaml", KumaTexts.mesh("default"));
    try (TestUpstream balancer = new TestUpstream(TestUpstream.ECHO);
        TestUpstream single = new TestUpstream(TestUpstream.ECHO)) {
      east.put(
          "west.yaml",
          KumaTexts.documents(
              ingress("west", "replica-1", address(balancer), 2),
              ingress("west", "replica-2", address(balancer), 2),
              ingress("west", "replica-3", address(balancer), 2)));
      east.put("south.yaml", ingress("south", "ingress-south", address(single), 2));
      try (RunningProxy egress = RunningProxy.egress("east", east, builder -> builder)) {
        connect(egress.address());
        assertThat(List.of(balancer.connections.get(), single.connections.get()))
            .containsExactly(CONNECTIONS / 2, CONNECTIONS / 2);

        east.put("south.yaml", ingress("south", "ingress-south", address(single), 6));
        egress.reload();
        connect(egress.address());
        assertThat(List.of(balancer.connections.get(), single.connections.get()))
            .containsExactly(CONNECTIONS / 2 + CONNECTIONS / 4, CONNECTIONS * 5 / 4);
      }
    }
  }

  private static void connect(InetSocketAddress door) throws IOException {
    byte[] hello = RawClient.hello(ECHO);
    for (int i = 0; i < CONNECTIONS; i++) {
      try (RawClient client = RawClient.dial(door, ECHO)) {
        assertThat(client.read(hello.length)).isEqualTo(hello);
      }
    }
  }

  private static String ingress(
      String zone, String name, InetSocketAddress advertised, int instances) {
    return KumaTexts.ingress(
        zone,
        name,
        advertised,
        KumaTexts.available("default", Map.of("kuma.io/service", "echo"), instances));
  }

  private static InetSocketAddress address(TestUpstream upstream) {
    return loopback(upstream.address().port());
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }
}
