package io.zoneproxy.cp.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.zoneproxy.cp.fields.KnownTypes;
import io.zoneproxy.cp.fields.XdsTypes;
import io.zoneproxy.cp.resource.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CaptureTest {
  private static Capture read(String text) {
    return Capture.read(text, new KnownTypes(XdsTypes.ALL));
  }

  @Test
  void readsTheSectionsOfACapture() {
    Capture capture =
        read(
            """
            {"resources": {
              "clusters": [{"name": "default:backend", "type": "EDS", "connectTimeout": "5s"}],
              "listeners": [{"name": "inbound:127.0.0.1:10001"}]}}
            """);
    assertThat(capture.problems()).isEmpty();
    Cluster cluster = (Cluster) capture.messages(ResourceType.CLUSTER).get(0);
    assertThat(cluster.getConnectTimeout().getSeconds()).isEqualTo(5);
    assertThat(capture.messages(ResourceType.LISTENER)).hasSize(1);
    assertThat(capture.messages(ResourceType.SECRET)).isEmpty();
  }

  @Test
  void findsTheResourcesInADump() {
    Capture capture =
        read(
            """
            {"configs": [
              {"@type": "type.googleapis.com/envoy.admin.v3.BootstrapConfigDump", "bootstrap": {}},
              {"@type": "type.googleapis.com/envoy.admin.v3.ListenersConfigDump",
               "dynamicListeners": [{"name": "l", "activeState": {"listener":
                 {"@type": "type.googleapis.com/envoy.config.listener.v3.Listener", "name": "l"}}}]},
              {"@type": "type.googleapis.com/envoy.admin.v3.EndpointsConfigDump",
               "dynamic_endpoint_configs": [{"endpoint_config":
                 {"@type": "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment",
                  "cluster_name": "c"}}]}]}
            """);
    assertThat(capture.problems()).isEmpty();
    assertThat(capture.messages(ResourceType.LISTENER))
        .containsExactly(Listener.newBuilder().setName("l").build());
    assertThat(capture.messages(ResourceType.ENDPOINT)).hasSize(1);
  }

  @Test
  void tellsOneThatItCannotReadByNameAndHasTheOthers() {
    Capture capture =
        read(
            """
            {"resources": {"clusters": [
              {"name": "odd", "noSuchField": 1}, {"name": "good"}, 7]}}
            """);
    assertThat(capture.messages(ResourceType.CLUSTER)).hasSize(1);
    assertThat(capture.problems()).hasSize(2).first().asString().startsWith("Cluster/odd: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "[]", "null", "7", "{\"resources\"", "text"})
  void saysWhatIsNeither(String text) {
    assertThatThrownBy(() -> read(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
