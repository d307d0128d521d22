package io.zoneproxy.cp.translate.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.core.v3.Pipe;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.zoneproxy.core.model.EndpointSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.Locality;
import io.zoneproxy.core.model.LocalityEndpoints;
import io.zoneproxy.cp.fields.FieldCheck;
import io.zoneproxy.cp.fields.FieldTable;
import io.zoneproxy.cp.fields.XdsTypes;
import io.zoneproxy.cp.translate.value.Interned;
import io.zoneproxy.cp.translate.value.Problems;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class EndpointTranslatorTest {
  private final Problems problems = Problems.of("ClusterLoadAssignment", "c");

  private static LbEndpoint.Builder endpoint(String host, int port) {
    return LbEndpoint.newBuilder()
        .setEndpoint(
            Endpoint.newBuilder()
                .setAddress(
                    Address.newBuilder()
                        .setSocketAddress(
                            SocketAddress.newBuilder().setAddress(host).setPortValue(port))));
  }

  private List<LocalityEndpoints> translate(LocalityLbEndpoints.Builder... localities) {
    ClusterLoadAssignment.Builder assignment = ClusterLoadAssignment.newBuilder();
    for (LocalityLbEndpoints.Builder each : localities) {
      assignment.addEndpoints(each);
    }
    Assignment translated =
        new EndpointTranslator(new Interned()).translate(assignment.build(), problems);
    Optional<Assignment> quick =
        new AssignmentReader(new Interned()).read(assignment.build().toByteString());
    assertThat(problems.any() && quick.isPresent()).isFalse();
    quick.ifPresent(read -> assertThat(read).isEqualTo(translated));
    return translated.localities();
  }

  private static LocalityLbEndpoints.Builder locality(LbEndpoint.Builder... endpoints) {
    LocalityLbEndpoints.Builder locality = LocalityLbEndpoints.newBuilder();
    for (LbEndpoint.Builder each : endpoints) {
      locality.addLbEndpoints(each);
    }
    return locality;
  }

  private static Metadata tags(String namespace, String key, Value value) {
    return Metadata.newBuilder()
        .putFilterMetadata(namespace, Struct.newBuilder().putFields(key, value).build())
        .build();
  }

  @Test
  void takesLocalityPriorityWeightAndTags() {
    LbEndpoint.Builder weighted =
        endpoint("10.0.0.1", 10001)
            .setLoadBalancingWeight(UInt32Value.of(3))
            .setMetadata(
                tags("envoy.lb", "version", Value.newBuilder().setStringValue("v1").build()));
    LocalityLbEndpoints.Builder from = locality(weighted).setPriority(1);
    from.getLocalityBuilder().setZone("zone-2").setSubZone("rack-1");
    assertThat(translate(from))
        .containsExactly(
            new LocalityEndpoints(
                new Locality("", "zone-2", "rack-1"),
                1,
                List.of(
                    new EndpointSpec(
                        new HostPort("10.0.0.1", 10001), 3, Map.of("version", "v1")))));
    assertThat(problems.any()).isFalse();
  }

  @Test
  void givesAnEndpointWithoutAWeightTheWeightOne() {
    assertThat(translate(locality(endpoint("::1", 1))).get(0).endpoints().get(0).weight())
        .isEqualTo(1);
  }

  @Test
  void looksAtNoOtherMetadata() {
    LbEndpoint.Builder labelled =
        endpoint("10.0.0.1", 1)
            .setMetadata(
                tags("io.kuma.labels", "a", Value.newBuilder().setStringValue("b").build()));
    assertThat(translate(locality(labelled)).get(0).endpoints().get(0).tags()).isEmpty();
  }

  @Test
  void tellsEveryProblemWithItsPathAndGoesOn() {
    Address pipe = Address.newBuilder().setPipe(Pipe.newBuilder().setPath("x")).build();
    LbEndpoint.Builder odd =
        endpoint("10.0.0.3", 1)
            .setMetadata(tags("envoy.lb", "n", Value.newBuilder().setNumberValue(1).build()));
    List<LocalityEndpoints> translated =
        translate(
            locality(
                endpoint("", 1),
                endpoint("10.0.0.1", 70_000),
                endpoint("10.0.0.2", 0),
                LbEndpoint.newBuilder().setEndpoint(Endpoint.newBuilder().setAddress(pipe)),
                endpoint("10.0.0.1", 1).setLoadBalancingWeight(UInt32Value.of(0)),
                odd,
                endpoint("10.0.0.4", 1)));
    assertThat(translated.get(0).endpoints()).hasSize(2);
    assertThat(problems.all())
        .containsExactly(
            at(
                0,
                "endpoint.address.socket_address.address: empty (expected: an IP address or a DNS"
                    + " name)"),
            at(1, "endpoint.address.socket_address.port_value: 70000 (expected: 1 to 65535)"),
            at(2, "endpoint.address.socket_address.port_value: 0 (expected: 1 to 65535)"),
            at(3, "endpoint.address.pipe.path: x (expected: an absolute path)"),
            at(4, "load_balancing_weight: 0 (expected: 1 to 2147483647)"),
            at(5, "metadata.filter_metadata[envoy.lb].n: NUMBER_VALUE (expected: a text)"));
  }

  private static String at(int index, String problem) {
    return "ClusterLoadAssignment/c.endpoints[0].lb_endpoints[%d].%s".formatted(index, problem);
  }

  @Test
  void takesNumbersThatAnIntCannotHoldForWhatTheyAre() {
    translate(
        locality(endpoint("a", 1).setLoadBalancingWeight(UInt32Value.of(-1))).setPriority(-2));
    assertThat(problems.all())
        .anyMatch(problem -> problem.contains("weight: 4294967295"))
        .anyMatch(problem -> problem.contains("priority: 4294967294"));
  }

  @Test
  void readsTheUsualFromTheirBytes() {
    Value text = Value.newBuilder().setStringValue("default").build();
    LbEndpoint.Builder one =
        endpoint("10.0.0.1", 80)
            .setLoadBalancingWeight(UInt32Value.of(2))
            .setMetadata(
                tags("envoy.lb", "mesh", text).toBuilder()
                    .mergeFrom(tags("envoy.transport_socket_match", "mesh", text))
                    .mergeFrom(tags("io.kuma.labels", "app", text)));
    ClusterLoadAssignment from =
        ClusterLoadAssignment.newBuilder()
            .setClusterName("c")
            .addEndpoints(locality(one, endpoint("10.0.0.2", 81)).setPriority(1))
            .addEndpoints(locality())
            .build();
    assertThat(new AssignmentReader(new Interned()).read(from.toByteString()))
        .contains(new EndpointTranslator(new Interned()).translate(from, problems));
  }

  /** What is read quickly is not looked through for fields that may not be there. */
  @Test
  void theTableOfFieldsLetsPassAllThatIsReadQuickly() {
    Value text = Value.newBuilder().setStringValue("default").build();
    ClusterLoadAssignment from =
        ClusterLoadAssignment.newBuilder()
            .setClusterName("c")
            .addEndpoints(
                locality(
                        endpoint("10.0.0.1", 80)
                            .setLoadBalancingWeight(UInt32Value.of(2))
                            .setMetadata(tags("envoy.lb", "mesh", text)))
                    .setLocality(
                        io.envoyproxy.envoy.config.core.v3.Locality.newBuilder()
                            .setRegion("r")
                            .setZone("z")
                            .setSubZone("s"))
                    .setLoadBalancingWeight(UInt32Value.of(3))
                    .setPriority(1))
            .build();
    FieldCheck fields = new FieldCheck(FieldTable.load(), XdsTypes.KNOWN);
    assertThat(new AssignmentReader(new Interned()).read(from.toByteString())).isPresent();
    assertThat(fields.passes(ClusterLoadAssignment.getDescriptor(), from.toByteString())).isTrue();
  }

  @Test
  void leavesLabelsThatAreNoTextsToTheMessages() {
    Value number = Value.newBuilder().setNumberValue(1).build();
    ClusterLoadAssignment from =
        ClusterLoadAssignment.newBuilder()
            .addEndpoints(
                locality(endpoint("10.0.0.1", 80).setMetadata(tags("io.kuma.labels", "n", number))))
            .build();
    assertThat(new AssignmentReader(new Interned()).read(from.toByteString())).isEmpty();
    assertThat(new EndpointTranslator(new Interned()).translate(from, problems).localities())
        .hasSize(1);
    assertThat(problems.any()).isFalse();
  }

  @Test
  void leavesWhatWouldBeMergedToTheMessages() {
    LbEndpoint one = endpoint("10.0.0.1", 80).build();
    ClusterLoadAssignment assignment =
        ClusterLoadAssignment.newBuilder().addEndpoints(locality(one.toBuilder())).build();
    ByteString merged =
        ByteString.copyFrom(
                new byte[] {
                  2 << 3 | 2,
                  (byte) (2 + 2 * one.getSerializedSize()),
                  2 << 3 | 2,
                  (byte) (2 * one.getSerializedSize())
                })
            .concat(one.toByteString())
            .concat(one.toByteString());
    AssignmentReader reader = new AssignmentReader(new Interned());
    assertThat(reader.read(assignment.toByteString())).isPresent();
    assertThat(reader.read(merged)).isEmpty();
  }
}
