package io.zoneproxy.cp.ads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.envoyproxy.envoy.config.core.v3.ControlPlane;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.grpc.Status;
import io.zoneproxy.core.observe.process.ControlPlaneStats;
import io.zoneproxy.core.observe.process.ControlPlaneStats.EndpointUpdates;
import io.zoneproxy.cp.resource.ResourceType;
import org.junit.jupiter.api.Test;

/** What the statistics are told of a stream. */
final class AdsStatisticsTest extends AdsTest {
  private void putEndpoints(String name) {
    controlPlane.put(
        ResourceType.ENDPOINT,
        name,
        ClusterLoadAssignment.newBuilder().setClusterName(name).build());
  }

  @Test
  void tellsTheStreamAndWhatCameOnIt() {
    assertThat(stats.connected()).isFalse();
    assertThat(stats.answered()).isFalse();
    put("a");
    connect();
    await().until(() -> sink.completions.get() == 1);
    assertThat(stats.connected()).isTrue();
    assertThat(stats.protocol()).isEqualTo("delta");
    assertThat(stats.answered()).isTrue();
    await().until(() -> stats.of(ControlPlaneStats.Type.CLUSTER).success.sum() >= 1);
    assertThat(stats.of(ControlPlaneStats.Type.CLUSTER).version()).isNotEmpty();
    assertThat(stats.of(ControlPlaneStats.Type.CLUSTER).attempt.sum())
        .isEqualTo(stats.of(ControlPlaneStats.Type.CLUSTER).success.sum() + 1);
    assertThat(stats.of(ControlPlaneStats.Type.LISTENER).rejected.sum()).isZero();
  }

  @Test
  void knowsWhoTheControlPlaneSaysItIs() {
    connect();
    await().until(() -> sink.completions.get() == 1);
    assertThat(stats.identifier()).isEmpty();
    controlPlane.push(
        DeltaDiscoveryResponse.newBuilder()
            .setTypeUrl(ResourceType.CLUSTER.typeUrl())
            .setNonce("x")
            .setControlPlane(ControlPlane.newBuilder().setIdentifier("cp-1"))
            .build());
    await().until(() -> stats.identifier().equals("cp-1"));
  }

  @Test
  void countsEndsAndReturns() {
    connect();
    await().until(stats::connected);
    controlPlane.endStreams(Status.UNAVAILABLE);
    await().until(() -> stats.reconnects.sum() == 1);
    assertThat(stats.of(ControlPlaneStats.Type.LISTENER).failure.sum()).isEqualTo(1);
    assertThat(stats.connected()).isTrue();
  }

  @Test
  void countsTheEndpointsOfEachCluster() {
    sink.refused.add("a.b");
    putEndpoints("a");
    putEndpoints("a.b");
    putEndpoints("c");
    connect();
    await().until(() -> stats.of(ControlPlaneStats.Type.ENDPOINT).rejected.sum() == 1);
    assertThat(stats.endpoints("a")).isEqualTo(new EndpointUpdates(1, 1, 0));
    assertThat(stats.endpoints("a.b")).isEqualTo(new EndpointUpdates(1, 0, 1));
    controlPlane.remove(ResourceType.ENDPOINT, "c");
    await().until(() -> stats.endpoints("c").attempt() == 0);
  }
}
