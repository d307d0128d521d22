package io.zoneproxy.cp.ads;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SilenceTest {
  private static Node node(Map<String, String> metadata) {
    Struct.Builder fields = Struct.newBuilder();
    metadata.forEach(
        (key, value) -> fields.putFields(key, Value.newBuilder().setStringValue(value).build()));
    return Node.newBuilder().setMetadata(fields).build();
  }

  @Test
  void suspectsOnlyTheProtocolWhereAllElseIsWell() {
    Node egress =
        node(
            Map.of(
                "dataplane.proxyType",
                "egress",
                "dataplane.admin.port",
                "9901",
                "dataplane.readinessReporter.port",
                "9902"));
    assertThat(Silence.explain(egress, Protocol.DELTA))
        .contains("before 2.11")
        .doesNotContain("readiness", "advertisedAddress", "admin address");
    assertThat(Silence.explain(egress, Protocol.SOTW)).contains("from 3.0 on");
  }

  @Test
  void saysThatTheReadinessPortIsMissing() {
    assertThat(Silence.explain(node(Map.of("dataplane.admin.port", "9901")), Protocol.DELTA))
        .contains("readiness port");
  }

  @Test
  void saysThatTheAdminAddressIsWrong() {
    Node node = node(Map.of("dataplane.admin.address", "10.0.0.1"));
    assertThat(Silence.explain(node, Protocol.DELTA)).contains("admin address is 10.0.0.1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {networking: {advertisedAddress: lb.example}} | advertisedAddress lb.example
          '' | advertisedAddress of the ZoneIngress
          """)
  void suspectsTheAdvertisedAddressOfAnIngress(String resource, String cause) {
    Node node = node(Map.of("dataplane.proxyType", "ingress", "dataplane.resource", resource));
    assertThat(Silence.explain(node, Protocol.DELTA)).contains(cause);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {networking: {advertisedAddress: 192.0.2.1}}
          {networking: {advertisedAddress: '2001:db8::1'}}
          {networking: {address: 10.0.0.1}}
          """)
  void suspectsNoIpAddress(String resource) {
    Node node = node(Map.of("dataplane.proxyType", "ingress", "dataplane.resource", resource));
    assertThat(Silence.explain(node, Protocol.DELTA)).doesNotContain("advertisedAddress");
  }
}
