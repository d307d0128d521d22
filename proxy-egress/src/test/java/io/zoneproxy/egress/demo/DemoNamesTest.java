package io.zoneproxy.egress.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.egress.identity.CertificateMaker;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class DemoNamesTest {
  @Test
  void tagFormAlwaysNamesTheMesh() {
    assertThat(DemoNames.tagForm("echo", Map.of())).isEqualTo("echo{mesh=default}");
  }

  @Test
  void tagFormSortsTagsByKey() {
    assertThat(DemoNames.tagForm("echo", Map.of("version", "v2", "kuma.io/zone", "west")))
        .isEqualTo("echo{kuma.io/zone=west,mesh=default,version=v2}");
  }

  @Test
  void hashedFormIsKumas() {
    // Names that Kuma itself made, from its own test data.
    assertThat(DemoNames.hashedForm("backend", 80))
        .isEqualTo("a601e0c00295a9fbe.backend.80.default.ms");
    assertThat(DemoNames.hashedForm("backend2", 80))
        .isEqualTo("aec60634adf0f45d6.backend2.80.default.ms");
  }

  @Test
  void hashedFormIsALegalDnsName() {
    assertThat(DemoNames.hashedForm("echo", 80))
        .matches("a[0-9a-f]{16}\\.echo\\.80\\.default\\.ms");
  }

  @Test
  void findsTheUriWithThePrefixAndNoOther() throws Exception {
    CertificateMaker.Made identity =
        DemoCertificates.create().issue(List.of("kuma://kuma.io/service/x", "spiffe://default/x"));

    assertThat(DemoNames.uriOf(identity.certificate(), "spiffe://")).contains("spiffe://default/x");
    assertThat(DemoNames.uriOf(identity.certificate(), "spiffe://other/")).isEmpty();
  }

  @Test
  void aCertificateWithoutNamesHasNoUri() throws Exception {
    assertThat(DemoNames.uriOf(DemoCertificates.create().authority(), "")).isEmpty();
  }
}
