package io.zoneproxy.cp.ads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.zoneproxy.core.observe.process.ControlPlaneStats;
import io.zoneproxy.cp.FakeControlPlane.Asked;
import io.zoneproxy.cp.resource.ResourceType;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the client makes of responses that are large, odd or broken. */
final class AdsResponseTest extends AdsTest {
  @Test
  void takesALargeResponse() {
    String large = "l".repeat(16 * 1024 * 1024);
    controlPlane.put(
        ResourceType.LISTENER,
        "l",
        Listener.newBuilder().setName("l").setStatPrefix(large).build());
    connect();
    await()
        .atMost(Duration.ofMinutes(1)) // 16 MiB of TLS, of which each buffer is watched
        .until(() -> sink.store.all(ResourceType.LISTENER).size() == 1);
  }

  private static Resource resource(String name, ByteString bytes) {
    Any any = Any.newBuilder().setTypeUrl(ResourceType.CLUSTER.typeUrl()).setValue(bytes).build();
    return Resource.newBuilder().setName(name).setVersion("v").setResource(any).build();
  }

  private static ByteString cluster(String name, String statName) {
    return Cluster.newBuilder().setName(name).setAltStatName(statName).build().toByteString();
  }

  private static DeltaDiscoveryResponse.Builder clusters(String nonce) {
    return DeltaDiscoveryResponse.newBuilder()
        .setTypeUrl(ResourceType.CLUSTER.typeUrl())
        .setNonce(nonce);
  }

  private Asked answerTo(String nonce) {
    await().until(() -> asked().stream().anyMatch(asked -> asked.nonce().equals(nonce)));
    return asked().stream().filter(asked -> asked.nonce().equals(nonce)).findFirst().orElseThrow();
  }

  @Test
  void refusesOnlyWhatCannotBeReadInDelta() {
    put("a");
    connect();
    awaitCluster("a");
    ByteString broken = ByteString.copyFrom(new byte[] {0x0a, 0x7f, 0x61});
    controlPlane.push(
        clusters("x")
            .addResources(resource("a", broken))
            .addResources(resource("b", cluster("b", "")))
            .addResources(Resource.newBuilder().setName("c"))
            .build());
    assertThat(answerTo("x").error()).contains("Cluster/a: ").contains("Cluster/c: type");
    assertThat(sink.store.versions(ResourceType.CLUSTER)).containsOnlyKeys("a", "b");
    assertThat(stats.of(ControlPlaneStats.Type.CLUSTER).rejected.sum()).isOne();
  }

  @Test
  void refusesAResourceWhoseMessageHasAnotherName() {
    connect();
    await().until(() -> sink.completions.get() == 1);
    controlPlane.push(
        clusters("x")
            .addResources(resource("a", cluster("b", "")))
            .addResources(resource("c", cluster("c", "")))
            .build());
    assertThat(answerTo("x").error())
        .isEqualTo("Cluster/a: its message says b (expected: the same name)");
    assertThat(sink.store.versions(ResourceType.CLUSTER)).containsOnlyKeys("c");
  }

  @Test
  void takesAResourceThatComesTwiceOnceAndNoneIfTheyDiffer() {
    connect();
    await().until(() -> sink.completions.get() == 1);
    controlPlane.push(
        clusters("x")
            .addResources(resource("a", cluster("a", "")))
            .addResources(resource("a", cluster("a", "")))
            .addResources(resource("b", cluster("b", "1")))
            .addResources(resource("b", cluster("b", "2")))
            .addRemovedResources("a")
            .build());
    assertThat(answerTo("x").error()).contains("Cluster/b: twice").doesNotContain("Cluster/a");
    assertThat(sink.store.versions(ResourceType.CLUSTER)).containsOnlyKeys("a");
  }

  @Test
  void ignoresATypeThatItHasNotAskedFor() {
    connect();
    await().until(() -> sink.completions.get() == 1);
    controlPlane.push(
        DeltaDiscoveryResponse.newBuilder().setTypeUrl("type/unknown").setNonce("u").build());
    put("a");
    awaitCluster("a");
    assertThat(controlPlane.asked).noneMatch(asked -> asked.nonce().equals("u"));
  }

  @Test
  void keepsWhatItHasInSotwWhenAResourceHasNoReadableName() {
    controlPlane.onlySotw();
    put("a");
    put("b");
    connect();
    awaitCluster("b");
    controlPlane.push(
        DiscoveryResponse.newBuilder()
            .setTypeUrl(ResourceType.CLUSTER.typeUrl())
            .setVersionInfo("w")
            .setNonce("x")
            .addResources(
                Any.newBuilder()
                    .setTypeUrl(ResourceType.CLUSTER.typeUrl())
                    .setValue(ByteString.copyFrom(new byte[] {0x0a, 0x7f})))
            .addResources(resource("c", cluster("c", "")).getResource())
            .build());
    assertThat(answerTo("x").error()).isNotEmpty();
    assertThat(answerTo("x").version()).isEqualTo("w");
    assertThat(sink.store.versions(ResourceType.CLUSTER)).containsOnlyKeys("a", "b", "c");
  }
}
