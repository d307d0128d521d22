package io.zoneproxy.cp.capture;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.common.set_filter_state.v3.FilterStateValue;
import io.envoyproxy.envoy.extensions.filters.network.set_filter_state.v3.Config;
import io.zoneproxy.cp.fields.KnownTypes;
import io.zoneproxy.cp.fields.XdsTypes;
import io.zoneproxy.cp.resource.ResourceType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CaptureTest {
  private static final KnownTypes TYPES = XdsTypes.KNOWN;
  private static final int ON_DOWNSTREAM_TLS_HANDSHAKE = 2;

  private static Capture read(String text) {
    return Capture.read(text, TYPES);
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
    assertThat(capture.problems())
        .hasSize(2)
        .first()
        .isEqualTo(
            "Cluster/odd.noSuchField: set (expected: a field of envoy.config.cluster.v3.Cluster"
                + " that is known here)");
  }

  @Test
  void tellsEntriesThatAreNoResourcesButNotAllOfMany() {
    Capture capture = read("{\"resources\": {\"clusters\": [" + "1,".repeat(99) + "2], \"x\": 1}}");
    assertThat(capture.problems())
        .hasSize(21)
        .startsWith("resources.clusters[0]: no object (expected: proto-JSON of a Cluster)")
        .endsWith("and 81 entries more that are no resources");
  }

  @Test
  void tellsWhatIsNoPartOfADump() {
    Capture capture =
        read(
            """
            {"configs": [
              7,
              {"@type": "type.googleapis.com/envoy.admin.v3.RoutesConfigDump"},
              {"@type": "type.googleapis.com/envoy.admin.v3.NoSuchDump"},
              {"@type": "type.googleapis.com/envoy.admin.v3.ClustersConfigDump",
               "static_clusters": {}, "dynamicActiveClusters": [null, {"cluster": {"name": "c"}}]}]}
            """);
    assertThat(capture.resources()).hasSize(1);
    assertThat(capture.problems())
        .containsExactly(
            "configs[0]: no object (expected: a part of a dump)",
            "configs[2]: type.googleapis.com/envoy.admin.v3.NoSuchDump (expected: a part of a dump"
                + " that is known here)",
            "configs[3].static_clusters: no list (expected: a list)",
            "configs[3].dynamic_active_clusters[0]: no object (expected: an object with a"
                + " resource)");
  }

  private static String listener(String filter) {
    return """
    {"resources": {"listeners": [{"name": "l", "filterChains": [{"filters": [%s]}]}]}}
    """
        .formatted(filter);
  }

  private static Any config(Capture capture) {
    Listener listener = (Listener) capture.messages(ResourceType.LISTENER).get(0);
    return listener.getFilterChains(0).getFilters(0).getTypedConfig();
  }

  @Test
  void tellsThePathOfAnOddNameInsideOfAnAny() {
    Capture capture =
        read(
            listener(
                """
                {"name": "f", "typedConfig": {
                  "@type": "type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy",
                  "cluster": "c", "speed": "high"}}
                """));
    assertThat(capture.messages(ResourceType.LISTENER)).isEmpty();
    assertThat(capture.problems())
        .singleElement()
        .asString()
        .startsWith("Listener/l.filter_chains[0].filters[0].typed_config.speed: set (expected: ");
  }

  @Test
  void tellsATypeThatIsNotKnown() {
    Capture capture =
        read(
            listener(
                "{\"name\": \"f\", \"typedConfig\": {\"@type\": \"type.googleapis.com/x.Y\", \"a\":"
                    + " 1}}"));
    assertThat(capture.problems())
        .containsExactly(
            "Listener/l.filter_chains[0].filters[0].typed_config: type.googleapis.com/x.Y"
                + " (expected: a type that is supported here)");
  }

  @Test
  void keepsFieldsThatTheMessagesHereDoNotHave() throws Exception {
    Capture capture =
        read(
            listener(
                """
                {"name": "f", "typedConfig": {
                  "@type": "type.googleapis.com/envoy.extensions.filters.network.set_filter_state.v3.Config",
                  "onDownstreamTlsHandshake": [{"objectKey": "k", "readOnly": true}]}}
                """));
    assertThat(capture.problems()).isEmpty();
    Config config = config(capture).unpack(Config.class);
    assertThat(
            config
                .getUnknownFields()
                .getField(ON_DOWNSTREAM_TLS_HANDSHAKE)
                .getLengthDelimitedList())
        .hasSize(1);
    assertThat(
            FilterStateValue.parseFrom(
                    config
                        .getUnknownFields()
                        .getField(ON_DOWNSTREAM_TLS_HANDSHAKE)
                        .getLengthDelimitedList()
                        .get(0))
                .getObjectKey())
        .isEqualTo("k");
  }

  @Test
  void refusesASecondResourceOfTheSameName() {
    Capture capture =
        read("{\"resources\": {\"clusters\": [{\"name\": \"a\"}, {\"name\": \"a\"}]}}");
    assertThat(capture.resources()).hasSize(1);
    assertThat(capture.problems())
        .containsExactly("Cluster/a: more than once (expected: each name once)");
  }

  @Test
  void takesWhatIsActiveInADumpBeforeWhatWarmsAndTheVersion() {
    Capture capture =
        read(
            """
            {"configs": [{"dynamicListeners": [
              {"name": "a", "activeState": {"versionInfo": "7", "listener": {"name": "a", "statPrefix": "now"}},
               "warmingState": {"versionInfo": "8", "listener": {"name": "a", "statPrefix": "soon"}}},
              {"name": "b", "warmingState": {"version_info": "9", "listener": {"name": "b"}}},
              {"name": "c", "drainingState": {"listener": {"name": "c"}}}],
              "static_secrets": [{"secret": {"name": "s"}}]}]}
            """);
    assertThat(capture.problems()).isEmpty();
    assertThat(capture.resources().stream().map(one -> one.id() + " " + one.version()))
        .containsExactlyInAnyOrder("Listener/a 7", "Listener/b 9", "Secret/s ");
    assertThat(((Listener) capture.messages(ResourceType.LISTENER).get(0)).getStatPrefix())
        .isEqualTo("now");
  }

  @Test
  void readsNothingDeeperThanAMessageCanBe() {
    String deep = "[".repeat(1_000_000) + "]".repeat(1_000_000);
    assertThatThrownBy(() -> read("{\"resources\": {\"clusters\": " + deep + "}}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: one JSON object");
  }

  @Test
  void readsNoMoreValuesThanAProxyCanHave() {
    String many = "{\"resources\": [" + "1,".repeat(5_000_001) + "1]}";
    assertThatThrownBy(() -> read(many))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("more than 5,000,000 values");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e999999999", "\"1E+999999999\""})
  void takesNoNumberThatWouldFillTheMemory(String number) {
    Capture capture =
        read(
            """
            {"resources": {"clusters": [{"name": "a", "ringHashLbConfig": {"minimumRingSize": %s}}]}}
            """
                .formatted(number));
    assertThat(capture.problems())
        .containsExactly(
            "Cluster/a.ring_hash_lb_config.minimum_ring_size: %s (expected: a whole number)"
                .formatted(number.replace("\"", "")));
  }

  @Test
  void readsNoStringThatIsTooLong() {
    String name = "x".repeat(9 << 20);
    assertThatThrownBy(
            () -> read("{\"resources\": {\"clusters\": [{\"name\": \"" + name + "\"}]}}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("more than 8,388,608 characters");
  }

  @Test
  void readsNoFileThatIsTooLong(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("long.json");
    try (FileChannel out = FileChannel.open(file, CREATE_NEW, WRITE)) {
      out.position(200L << 20); // a hole: no such space is taken
      out.write(ByteBuffer.wrap(new byte[] {'}'}));
    }
    assertThatThrownBy(() -> Capture.read(file, TYPES))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("209,715,201 bytes (expected: at most 134,217,728)");
  }

  @Test
  void saysThatAFileIsNoTextOrNotThere(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("binary"), new byte[] {'{', '"', (byte) 0xff, 0, 1});
    assertThatThrownBy(() -> Capture.read(file, TYPES))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(file + ": is no UTF-8 (expected: JSON)");
    Path none = folder.resolve("none");
    assertThatThrownBy(() -> Capture.read(none, TYPES))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(none + ": is not there (expected: a file)");
    assertThatThrownBy(() -> Capture.read(folder, TYPES))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cannot be read");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "null",
        "7",
        "{\"resources\"",
        "text",
        "{\"resources\": {}} 7",
        "{\"a\": 1, \"a\": 2}"
      })
  void saysWhatIsNeither(String text) {
    assertThatThrownBy(() -> read(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
