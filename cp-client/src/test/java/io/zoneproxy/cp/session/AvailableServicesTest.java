package io.zoneproxy.cp.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.zoneproxy.core.model.ClusterPolicy;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.EndpointSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.Locality;
import io.zoneproxy.core.model.LocalityEndpoints;
import io.zoneproxy.core.model.Pipe;
import io.zoneproxy.core.model.ProxySnapshot;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AvailableServicesTest {
  private static final String OWN =
      "{\"type\":\"ZoneIngress\",\"name\":\"i\",\"networking\":{\"port\":10001}}";

  @Test
  void countsTheInstancesOfEachSetOfTags() {
    JsonArray services =
        services(
            cluster(
                "default:backend",
                endpoint("10.0.0.1", Map.of("version", "v1")),
                endpoint("10.0.0.2", Map.of("mesh", "default", "version", "v1")),
                endpoint("10.0.0.3", Map.of("mesh", "default", "version", "v2"))));

    assertThat(services).hasSize(2);
    JsonObject first = services.get(0).getAsJsonObject();
    assertThat(first.get("mesh").getAsString()).isEqualTo("default");
    assertThat(first.get("instances").getAsInt()).isEqualTo(2);
    assertThat(first.get("tags"))
        .isEqualTo(JsonParser.parseString("{\"version\":\"v1\",\"kuma.io/service\":\"backend\"}"));
    assertThat(services.get(1).getAsJsonObject().get("instances").getAsInt()).isEqualTo(1);
  }

  @Test
  void leavesOutTheProxysOwnClustersAndThoseOfExclusiveMeshes() {
    EndpointSpec admin = new EndpointSpec(new Pipe("/run/admin.sock"), 1, Map.of());

    assertThat(
            new AvailableServices()
                .in(
                    OWN,
                    snapshot(
                        cluster("kuma:envoy:admin", admin),
                        cluster(
                            "default_backend__zone-1_msvc_80",
                            endpoint("10.0.0.1", Map.of("mesh", "default"))))))
        .isEqualTo(OWN);
  }

  @Test
  void keepsWhatTheResourceSaysOtherwise() {
    String changed =
        new AvailableServices()
            .in(OWN, snapshot(cluster("m:s", endpoint("10.0.0.1", Map.of("mesh", "m")))));

    JsonObject resource = JsonParser.parseString(changed).getAsJsonObject();
    assertThat(resource.get("name").getAsString()).isEqualTo("i");
    assertThat(resource.get("networking")).isEqualTo(JsonParser.parseString("{\"port\":10001}"));
  }

  @Test
  void leavesOutMoreThanARequestCanHold() {
    ClusterSpec[] many =
        IntStream.range(0, 15_000)
            .mapToObj(i -> cluster("m:service-" + i, endpoint("10.0.0.1", Map.of("version", "v1"))))
            .toArray(ClusterSpec[]::new);
    AvailableServices services = new AvailableServices();

    assertThat(services.in(OWN, snapshot(many))).isEqualTo(OWN);
    assertThat(services.in(OWN, snapshot(Arrays.copyOf(many, 5_000)))).contains("\"service-4999\"");
  }

  private static JsonArray services(ClusterSpec... clusters) {
    return JsonParser.parseString(new AvailableServices().in(OWN, snapshot(clusters)))
        .getAsJsonObject()
        .getAsJsonArray("availableServices");
  }

  private static ProxySnapshot snapshot(ClusterSpec... clusters) {
    return new ProxySnapshot(
        List.of(), Stream.of(clusters).collect(Collectors.toMap(ClusterSpec::name, c -> c)));
  }

  private static ClusterSpec cluster(String name, EndpointSpec... endpoints) {
    return new ClusterSpec(
        name,
        List.of(new LocalityEndpoints(Locality.ofZone("zone-1"), 0, List.of(endpoints))),
        ClusterPolicy.DEFAULT);
  }

  private static EndpointSpec endpoint(String host, Map<String, String> tags) {
    return new EndpointSpec(new HostPort(host, 80), 1, tags);
  }
}
