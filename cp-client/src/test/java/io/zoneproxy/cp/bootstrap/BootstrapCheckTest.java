package io.zoneproxy.cp.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BootstrapCheckTest {
  private static final String ZONE_EGRESS = "{type: ZoneEgress, name: egress-1}";

  @Test
  void findsNothingWrongWithWhatIsRight() {
    assertThat(BootstrapCheck.problems(BootstrapRequests.egress())).isEmpty();
    ProxyIdentity dataplane =
        new ProxyIdentity(
            "dataplane", "zp-1.kuma", "a_b", "type: Dataplane\nname: zp-1.kuma\nmesh: a_b\n");
    assertThat(BootstrapCheck.problems(BootstrapRequests.of(dataplane))).isEmpty();
    ProxyIdentity stored = new ProxyIdentity("ingress", "ingress-1", "", "");
    assertThat(BootstrapCheck.problems(BootstrapRequests.of(stored))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          sidecar | a | '' | '' | proxy type: sidecar
          egress | Egress-1 | '' | '' | name: Egress-1
          egress | -a | '' | '' | name: -a
          egress | a..b | '' | '' | name: a..b
          egress | '' | '' | '' | name:
          egress | a | default | '' | mesh: default
          dataplane | a | '' | '' | mesh:
          dataplane | a | Mesh | '' | mesh: Mesh
          egress | a | '' | '{type: ZoneIngress, name: a}' | resource: type: ZoneIngress (expected: ZoneEgress)
          egress | a | '' | '{type: ZoneEgress, name: b}' | resource: name: b (expected: a)
          egress | a | '' | '{type: ZoneEgress, name: a, mesh: m}' | resource: mesh: m (expected: none)
          egress | a | '' | '{type: [' | resource: not readable
          egress | a | '' | 'text' | resource: not readable
          """)
  void saysWhatTheControlPlaneWouldNot(
      String type, String name, String mesh, String resource, String problem) {
    ProxyIdentity proxy = new ProxyIdentity(type, name, mesh, resource);
    assertThat(BootstrapCheck.problems(BootstrapRequests.of(proxy)))
        .anySatisfy(found -> assertThat(found).startsWith(problem).contains("expected"));
  }

  @Test
  void refusesANameThatIsTooLong() {
    ProxyIdentity proxy = new ProxyIdentity("egress", "a".repeat(254), "", "");
    assertThat(BootstrapCheck.problems(BootstrapRequests.of(proxy))).hasSize(1);
  }

  @Test
  void refusesAPortAndACaThatAreNone() {
    ProxyIdentity proxy = new ProxyIdentity("egress", "egress-1", "", ZONE_EGRESS);
    assertThat(BootstrapCheck.problems(BootstrapRequests.of(proxy, 0, "nothing")))
        .hasSize(2)
        .anySatisfy(found -> assertThat(found).startsWith("readiness port: 0"))
        .anySatisfy(found -> assertThat(found).contains("PEM"));
  }
}
