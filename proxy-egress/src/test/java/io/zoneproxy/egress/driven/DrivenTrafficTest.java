package io.zoneproxy.egress.driven;

import static io.zoneproxy.egress.driven.DrivenZone.EGRESS;
import static io.zoneproxy.egress.driven.DrivenZone.INGRESS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.zoneproxy.core.config.RemovalPolicy;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.observe.ConnectionRecord;
import io.zoneproxy.cp.FakeControlPlane.Asked;
import io.zoneproxy.cp.Xds;
import io.zoneproxy.cp.resource.ResourceType;
import io.zoneproxy.egress.demo.DemoMesh;
import io.zoneproxy.egress.e2e.BoringPeers;
import io.zoneproxy.egress.e2e.EchoService;
import io.zoneproxy.egress.e2e.HelloCutter.Cut;
import io.zoneproxy.egress.e2e.RawClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes over xDS decides where bytes go, and what becomes of connections that are open. */
final class DrivenTrafficTest {
  private static final Map<String, String> NONE = Map.of();
  private static final byte[] PING = "ping".getBytes(StandardCharsets.US_ASCII);

  private final DrivenZone zone;
  private final EchoService echo = new EchoService();
  private final List<AutoCloseable> open = new ArrayList<>();

  DrivenTrafficTest(@TempDir Path folder) throws IOException {
    zone = new DrivenZone(folder);
  }

  @AfterEach
  void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
    echo.close();
    zone.close();
  }

  private DrivenProxy start(RemovalPolicy policy, String... types) throws IOException {
    DrivenProxy started = DrivenProxy.start(zone, policy, types);
    open.add(started);
    return started;
  }

  /** An echo service that the egress reaches straight, at this name. */
  private void offer(String service) {
    zone.cluster(EGRESS, service, List.of(Xds.endpoint(echo.port(), NONE)));
    zone.chain(EGRESS, service, NONE);
    zone.listen(EGRESS);
  }

  /** A connection that has echoed its ClientHello. */
  private RawClient dial(String service) throws IOException {
    String name = DrivenZone.serverName(service, NONE);
    RawClient client = RawClient.dial(zone.door(EGRESS), name);
    open.add(client);
    byte[] hello = RawClient.hello(name);
    assertThat(client.read(hello.length)).isEqualTo(hello);
    return client;
  }

  private static void ping(RawClient client) throws IOException {
    assertThat(client.send(PING).read(PING.length)).isEqualTo(PING);
  }

  @Test
  void mutualTlsPassesBothProxiesToTheSubsetThatItsNameSays() throws Exception {
    try (DemoMesh mesh = DemoMesh.create();
        BoringPeers peers = new BoringPeers(mesh, mesh.client())) {
      BoringPeers.Service v1 = peers.service(mesh.issue("backend"));
      BoringPeers.Service v2 = peers.service(mesh.issue("backend"));
      pushBothWays(v1.port(), v2.port());
      DrivenProxy ingress = start(RemovalPolicy.DRAIN, INGRESS);
      DrivenProxy egress = start(RemovalPolicy.DRAIN, EGRESS);
      String name = DrivenZone.serverName("backend", Map.of("version", "v2"));
      await().until(() -> ingress.routes(name) && egress.routes(name));

      for (int i = 0; i < 3; i++) {
        BoringPeers.Exchange exchange = peers.exchange(zone.door(EGRESS), name, Cut.NOT, PING);
        assertThat(exchange.content()).isEqualTo(ByteBuffer.wrap(PING));
        assertThat(exchange.peer()).isEqualTo(v2.identity().certificate());
        assertThat(v2.nextCaller()).isEqualTo(mesh.client().certificate());
      }
      assertThat(v1.callers()).isEmpty();
      ConnectionRecord record = egress.nextClosed();
      assertThat(record.reason()).isEqualTo(CloseReason.DONE);
      assertThat(record.cluster()).isEqualTo("default:backend");
      assertThat(record.upstream()).isEqualTo(zone.door(INGRESS));
    }
  }

  private void pushBothWays(int v1, int v2) {
    zone.cluster(
        INGRESS,
        "backend",
        List.of(
            Xds.endpoint(v1, Map.of("version", "v1", "mesh", "default")),
            Xds.endpoint(v2, Map.of("version", "v2", "mesh", "default"))),
        "version");
    InetSocketAddress way = zone.door(INGRESS);
    LbEndpoint door =
        Xds.endpoint(way.getPort(), Map.of("version", "v2")).toBuilder()
            .setEndpoint(
                io.envoyproxy.envoy.config.endpoint.v3.Endpoint.newBuilder()
                    .setAddress(Xds.address(way.getAddress().getHostAddress(), way.getPort())))
            .build();
    zone.cluster(EGRESS, "backend", List.of(door), "version");
    for (String type : List.of(EGRESS, INGRESS)) {
      zone.chain(type, "backend", Map.of("version", "v2"));
      zone.listen(type);
    }
  }

  @Test
  void changesDisturbNobodyThatTheyDoNotConcern() throws Exception {
    offer("stays");
    offer("goes");
    DrivenProxy egress = start(RemovalPolicy.CUT, EGRESS);
    await().until(() -> egress.routes("goes{mesh=default}"));
    RawClient stays = dial("stays");
    RawClient goes = dial("goes");

    offer("added");
    await().until(() -> egress.routes("added{mesh=default}"));
    ping(dial("added"));
    ping(stays);
    ping(goes);

    try (EchoService other = new EchoService()) {
      zone.cluster(EGRESS, "stays", List.of(Xds.endpoint(other.port(), NONE)));
      await().until(() -> dial("stays") != null && other.connections.get() > 0);
      ping(stays); // to an endpoint that is no more
      zone.removeChains(EGRESS, "goes");
      zone.listen(EGRESS);
      zone.remove(EGRESS, "goes");
      await().until(() -> !egress.has("goes"));
      assertThat(goes.readToTheEnd()).isEmpty();
      ping(stays);
    }
    ConnectionRecord cut =
        await()
            .until(
                () -> egress.closed.poll(10, TimeUnit.MILLISECONDS),
                r -> r != null && r.reason() == CloseReason.CHAIN_REMOVED);
    assertThat(cut.chain()).isEqualTo("goes{mesh=default}");
  }

  @Test
  void aConnectionWhoseChainIsRemovedStaysWhenThePolicySaysSo() throws Exception {
    offer("goes");
    DrivenProxy egress = start(RemovalPolicy.KEEP, EGRESS);
    await().until(() -> egress.routes("goes{mesh=default}"));
    RawClient goes = dial("goes");

    zone.removeChains(EGRESS, "goes");
    zone.listen(EGRESS);
    zone.remove(EGRESS, "goes");
    await().until(() -> !egress.has("goes"));

    ping(goes);
    try (RawClient late = RawClient.dial(zone.door(EGRESS), "goes{mesh=default}")) {
      assertThat(late.readToTheEnd()).isEmpty();
    }
    assertThat(egress.nextClosed().reason()).isEqualTo(CloseReason.NO_ROUTE);
  }

  @Test
  void aChainThatEndsTlsRefusesWhileTheOthersServe() throws Exception {
    offer("plain");
    zone.add(
        EGRESS,
        Xds.ending(
            Xds.passthrough("ends{mesh=default}", "default:plain", NONE), "identity:default"));
    zone.listen(EGRESS);
    DrivenProxy egress = start(RemovalPolicy.DRAIN, EGRESS);
    await().until(() -> egress.routes("ends{mesh=default}"));

    try (RawClient refused = RawClient.dial(zone.door(EGRESS), "ends{mesh=default}")) {
      assertThat(refused.readToTheEnd()).isEmpty();
    }

    ConnectionRecord record = egress.nextClosed();
    assertThat(record.reason()).isIn(CloseReason.NOT_SUPPORTED, CloseReason.REFUSED);
    assertThat(record.detail()).isNotEmpty();
    ping(dial("plain"));
  }

  @Test
  void aClusterThatCannotBeServedIsRefusedAndTheRestWorks() throws Exception {
    offer("good");
    zone.ads(EGRESS)
        .put(
            ResourceType.CLUSTER,
            "default:bad",
            Xds.eds("default:bad").toBuilder().setLbPolicyValue(6).build());
    zone.chain(EGRESS, "bad", NONE);
    zone.listen(EGRESS);
    DrivenProxy egress = start(RemovalPolicy.DRAIN, EGRESS);
    await().until(() -> egress.routes("good{mesh=default}"));

    ping(dial("good"));
    try (RawClient refused = RawClient.dial(zone.door(EGRESS), "bad{mesh=default}")) {
      assertThat(refused.readToTheEnd()).isEmpty();
    }

    ConnectionRecord record = egress.nextClosed();
    assertThat(record.reason()).isEqualTo(CloseReason.REFUSED);
    assertThat(record.detail()).isEqualTo("cluster default:bad: has not been sent");
    await()
        .untilAsserted(
            () ->
                assertThat(zone.ads(EGRESS).asked(ResourceType.CLUSTER))
                    .extracting(Asked::error)
                    .anyMatch(error -> error.contains("Cluster/default:bad.lb_policy")));
    assertThat(zone.ads(EGRESS).asked(ResourceType.LISTENER))
        .extracting(Asked::error)
        .containsOnly("");

    zone.cluster(EGRESS, "bad", List.of(Xds.endpoint(echo.port(), NONE))); // mended
    await().until(() -> egress.has("bad"));
    ping(dial("bad"));
  }

  @Test
  void connectionsAndConfigurationOutliveTheControlPlane() throws Exception {
    offer("a");
    DrivenProxy egress = start(RemovalPolicy.CUT, EGRESS);
    await().until(() -> egress.routes("a{mesh=default}"));
    RawClient before = dial("a");

    zone.controlPlane.stop();
    ping(before);
    ping(dial("a"));
    offer("b");
    zone.controlPlane.start();

    await().until(() -> egress.routes("b{mesh=default}"));
    ping(dial("b"));
    ping(before);
  }

  @Test
  void twoRolesInOneProcessHaveTheirOwnResources() throws Exception {
    offer("a");
    zone.cluster(INGRESS, "a", List.of(Xds.endpoint(echo.port(), Map.of("mesh", "default"))));
    zone.chain(INGRESS, "a", NONE);
    zone.listen(INGRESS);
    DrivenProxy both = start(RemovalPolicy.DRAIN, EGRESS, INGRESS);
    await().until(() -> both.proxy.view().listeners().size() == 2);

    ping(dial("a"));
    byte[] hello = RawClient.hello("a{mesh=default}");
    try (RawClient in = RawClient.dial(zone.door(INGRESS), "a{mesh=default}")) {
      assertThat(in.read(hello.length)).isEqualTo(hello);
    }

    assertThat(both.nextClosed().cluster()).isEqualTo("ingress/default:a");
    assertThat(zone.controlPlane.bootstraps)
        .extracting(each -> each.get("proxyType").getAsString())
        .containsExactlyInAnyOrder(EGRESS, INGRESS);
    assertThat(zone.controlPlane.bootstraps)
        .extracting(each -> each.get("dataplaneToken"))
        .containsOnly(zone.controlPlane.bootstraps.get(0).get("dataplaneToken"));
  }
}
