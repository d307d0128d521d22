package io.zoneproxy.core.config.kuma;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.resource.DataSource;
import io.zoneproxy.core.resource.MeshExternalService;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where certificates and keys of a service outside may stand, as Kuma 2.x and 3.0 write it. */
final class DataSourcesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{inline: cGVt}", // pem
        "{inlineString: pem}",
        "{type: InsecureInline, insecureInline: {value: pem}}"
      })
  void aTextStandsInTheResource(String source) {
    assertThat(authority(source)).isEqualTo(new DataSource.Inline("pem"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"{file: ca.pem}", "{type: File, file: {path: ca.pem}}"})
  void aTextStandsInAFile(String source) {
    assertThat(authority(source)).isEqualTo(new DataSource.File("ca.pem"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{secret: ca}",
        "{type: Secret, secretRef: {kind: Secret, name: ca}}",
        "{type: Secret, secretRef: {name: ca}}"
      })
  void aTextStandsInASecret(String source) {
    assertThat(authority(source)).isEqualTo(new DataSource.Named("ca"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{inline: Y2VydA==} | {inline: a2V5}",
        "{type: InsecureInline, insecureInline: {value: cert}}"
            + " | {type: InsecureInline, insecureInline: {value: key}}",
        "{inlineString: cert} | {type: InsecureInline, insecureInline: {value: key}}"
      })
  void aClientsCertificateAndKeyMayBeInEitherForm(String certificate, String key) {
    MeshExternalService.Tls tls = tls("clientCert: " + certificate + ", clientKey: " + key);
    assertThat(tls.own())
        .contains(new DataSource.Pair(new DataSource.Inline("cert"), new DataSource.Inline("key")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{type: Inline, inline: {value: x}} | .type: Inline (expected: File, Secret, EnvVar,"
            + " InsecureInline)",
        "{type: InsecureInline, insecureInline: x} | .insecureInline: x (expected: a mapping)",
        "{type: InsecureInline, insecureInline: {}} | .insecureInline.value: missing (expected:"
            + " text)",
        "{type: File, file: {}} | .file.path: missing (expected: text)",
        "{type: Secret} | .secretRef: missing",
        "{type: EnvVar, envVar: {name: CA}} | .type: EnvVar is a variable of a control plane",
        "{} | : none (expected: one of inline, inlineString, file, secret)"
      })
  void whatCannotBeReadRefusesTheServiceInsteadOfTrustingOthers(String source, String problem) {
    ReadFile file = service("caCert: " + source);
    assertThat(file.resources()).isEmpty();
    assertThat(Reading.problems(file))
        .anyMatch(each -> each.contains("spec.tls.verification.caCert" + problem));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'-----BEGIN PRIVATE KEY----- MC4CAQ'",
        "{type: InsecureInline, insecureInline: '-----BEGIN PRIVATE KEY----- MC4CAQ'}",
        "{type: InsecureInline, insecureInline: LS0tLS1CRUdJTiBNQzRDQVE=}",
        "{type: '-----BEGIN PRIVATE KEY----- MC4CAQ'}"
      })
  void noMessageShowsAKeyThatStandsInTheWrongPlace(String source) {
    assertThat(Reading.problems(service("caCert: " + source)))
        .isNotEmpty()
        .noneMatch(each -> each.contains("MC4CAQ") || each.contains("BNQzRDQVE"));
  }

  private static DataSource authority(String source) {
    return tls("caCert: " + source).ca().orElseThrow();
  }

  private static MeshExternalService.Tls tls(String verification) {
    ReadFile file = service(verification);
    assertThat(Reading.problems(file)).isEmpty();
    return ((MeshExternalService) file.resources().get(0)).tls().orElseThrow();
  }

  private static ReadFile service(String verification) {
    return Reading.folder(
        "{type: MeshExternalService, name: e, mesh: default, spec: {match: {port: 443}, endpoints:"
            + " [{address: a.example, port: 443}], tls: {enabled: true, verification: {"
            + verification
            + "}}}}");
  }
}
