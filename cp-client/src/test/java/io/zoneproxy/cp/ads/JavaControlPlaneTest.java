package io.zoneproxy.cp.ads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.zoneproxy.cp.Xds;
import io.zoneproxy.cp.resource.ResourceType;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A second opinion on ADS: what our own control plane of the tests takes, another one does too. As
 * differences it knows less than kuma-cp: it sends everything of a type only for clusters and
 * listeners, and does not look at the versions that a new stream begins with.
 */
final class JavaControlPlaneTest extends AdsTest {
  private JavaControlPlane other;

  @BeforeEach
  void openOther() throws IOException {
    other = new JavaControlPlane();
    other.start();
  }

  @AfterEach
  void closeOther() throws InterruptedException {
    other.close();
  }

  private void connect(Protocol protocol) {
    connect(other.target(), List.of(protocol));
  }

  private void serve(String... names) {
    List<String> all = List.of(names);
    other.serve(
        all.stream().map(Xds::eds).toList(), all.stream().map(name -> endpoints(name, 1)).toList());
  }

  private static ClusterLoadAssignment endpoints(String cluster, int port) {
    return Xds.assignment(cluster, Xds.endpoint(port, Map.of()));
  }

  private void awaitClusters(String... names) {
    await().until(() -> has(ResourceType.CLUSTER).equals(Set.of(names)));
  }

  private Set<String> has(ResourceType type) {
    return sink.store.versions(type).keySet();
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void takesTheFirstConfigurationAndEachChange(Protocol protocol) {
    serve("a");
    connect(protocol);
    awaitClusters("a");
    String before = sink.store.versions(ResourceType.CLUSTER).get("a");

    Cluster changed = Xds.eds("a").toBuilder().setAltStatName("changed").build();
    other.serve(List.of(changed, Xds.eds("b")), List.of());
    awaitClusters("a", "b");
    assertThat(sink.store.versions(ResourceType.CLUSTER).get("a")).isNotEqualTo(before);

    serve("b");
    awaitClusters("b");
    assertThat(other.refusals).isEmpty();
    assertThat(other.requests).containsOnlyKeys(protocol);
  }

  @Test
  void takesEndpointsAsTheStateOfTheWorld() {
    serve("a", "b");
    connect(Protocol.SOTW);
    await().until(() -> has(ResourceType.ENDPOINT).equals(Set.of("a", "b")));

    String before = sink.store.versions(ResourceType.ENDPOINT).get("b");
    other.serve(List.of(Xds.eds("b")), List.of(endpoints("b", 2)));
    await().until(() -> has(ResourceType.ENDPOINT).equals(Set.of("b")));
    assertThat(sink.store.versions(ResourceType.ENDPOINT).get("b")).isNotEqualTo(before);
    assertThat(other.refusals).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void refusesOneResourceAndTakesTheOthersThenAndLater(Protocol protocol) {
    serve("a");
    connect(protocol);
    awaitClusters("a");
    sink.refused.add("odd");

    serve("a", "b", "odd");
    awaitClusters("a", "b");
    await().until(() -> !other.refusals.isEmpty());
    assertThat(other.refusals.get(0)).contains("Cluster/odd.lbPolicy: 7 (expected: another)");

    serve("b", "c");
    awaitClusters("b", "c");
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void learnsAfterAReconnectWhatHasChangedMeanwhile(Protocol protocol) throws Exception {
    serve("a", "b");
    connect(protocol);
    awaitClusters("a", "b");

    other.stop();
    serve("b", "c");
    assertThat(has(ResourceType.CLUSTER)).containsExactlyInAnyOrder("a", "b");
    other.start();
    await().until(() -> has(ResourceType.CLUSTER).contains("c"));
    serve("c");
    await().until(() -> !has(ResourceType.CLUSTER).contains("b"));
    if (protocol == Protocol.SOTW) {
      awaitClusters("c");
    }
    assertThat(other.refusals).isEmpty();
  }
}
