package io.zoneproxy.cp.translate.tls;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiConfigSource;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher.SanType;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters.TlsProtocol;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.core.model.tls.CertificateSource;
import io.zoneproxy.core.model.tls.ClientTls;
import io.zoneproxy.core.model.tls.SanMatch;
import io.zoneproxy.core.model.tls.SecretName;
import io.zoneproxy.core.model.tls.ServerTls;
import io.zoneproxy.core.model.tls.TlsVersions.Version;
import io.zoneproxy.core.model.tls.TrustedCa;
import io.zoneproxy.core.model.tls.Validation;
import io.zoneproxy.cp.translate.value.Problems;
import org.junit.jupiter.api.Test;

final class TlsTranslatorTest {
  private final Problems problems = Problems.of("X", "x");

  private static SdsSecretConfig ads(String name) {
    return SdsSecretConfig.newBuilder()
        .setName(name)
        .setSdsConfig(ConfigSource.newBuilder().setAds(AggregatedConfigSource.getDefaultInstance()))
        .build();
  }

  private static SdsSecretConfig spire(String name) {
    ApiConfigSource.Builder source =
        ApiConfigSource.newBuilder().setApiType(ApiConfigSource.ApiType.GRPC);
    source.addGrpcServices(
        GrpcService.newBuilder()
            .setEnvoyGrpc(GrpcService.EnvoyGrpc.newBuilder().setClusterName("agent")));
    return SdsSecretConfig.newBuilder()
        .setName(name)
        .setSdsConfig(ConfigSource.newBuilder().setApiConfigSource(source))
        .build();
  }

  private static SubjectAltNameMatcher uri(String prefix) {
    return SubjectAltNameMatcher.newBuilder()
        .setSanType(SanType.URI)
        .setMatcher(StringMatcher.newBuilder().setPrefix(prefix))
        .build();
  }

  private ServerTls downstream(CommonTlsContext.Builder common) {
    DownstreamTlsContext context =
        DownstreamTlsContext.newBuilder()
            .setCommonTlsContext(common)
            .setRequireClientCertificate(BoolValue.of(true))
            .build();
    return TlsTranslator.downstream(
            TransportSocket.newBuilder().setTypedConfig(Any.pack(context)).build(), problems)
        .orElseThrow();
  }

  @Test
  void joinsWhatStandsThereWithWhatComesAsASecret() {
    CommonTlsContext.Builder common =
        CommonTlsContext.newBuilder().addTlsCertificateSdsSecretConfigs(ads("id"));
    common
        .getCombinedValidationContextBuilder()
        .setValidationContextSdsSecretConfig(spire("ALL"))
        .getDefaultValidationContextBuilder()
        .addMatchTypedSubjectAltNames(uri("spiffe://m/"))
        .addMatchTypedSubjectAltNames(uri("spiffe://m/"));
    ServerTls tls = downstream(common);
    assertThat(problems.all()).isEmpty();
    assertThat(tls.requireCertificate()).isTrue();
    assertThat(tls.certificates())
        .containsExactly(new CertificateSource.Named(SecretName.of("id")));
    Validation clients = tls.clients().orElseThrow();
    assertThat(clients.secret()).hasValue(new SecretName("ALL", "agent"));
    assertThat(clients.fixed().names())
        .containsExactly(new SanMatch(SanMatch.Type.URI, StringMatch.prefix("spiffe://m/")));
  }

  @Test
  void refusesAnEndOfTlsThatCouldCheckNobodyOrShowNothing() {
    CommonTlsContext.Builder common = CommonTlsContext.newBuilder();
    common.getTlsParamsBuilder().addCipherSuites("X");
    common.getValidationContextBuilder().addVerifyCertificateHash("h");
    downstream(common);
    String at = "X/x.typed_config.common_tls_context";
    assertThat(problems.all())
        .containsExactly(
            at
                + ": no certificate (expected: tls_certificates or"
                + " tls_certificate_sds_secret_configs)",
            at
                + ".validation_context.verify_certificate_hash: set (expected: not set: it is not"
                + " supported)",
            at + ".tls_params.cipher_suites: 1 given (expected: none)");
  }

  @Test
  void refusesNamesWithoutAnAuthority() {
    CommonTlsContext.Builder common =
        CommonTlsContext.newBuilder().addTlsCertificateSdsSecretConfigs(ads("id"));
    common.getValidationContextBuilder().addMatchTypedSubjectAltNames(uri("spiffe://m/"));
    downstream(common);
    assertThat(problems.all())
        .containsExactly(
            "X/x.typed_config.common_tls_context.validation_context: no authority (expected:"
                + " trusted_ca or custom_validator_config)");
  }

  @Test
  void beginsTls() {
    UpstreamTlsContext.Builder from =
        UpstreamTlsContext.newBuilder().setSni("s").setAllowRenegotiation(true);
    from.getCommonTlsContextBuilder()
        .getTlsParamsBuilder()
        .setTlsMinimumProtocolVersion(TlsProtocol.TLSv1_2)
        .setTlsMaximumProtocolVersion(TlsProtocol.TLSv1_3);
    from.getCommonTlsContextBuilder()
        .getValidationContextBuilder()
        .setTrustedCa(DataSource.newBuilder().setFilename("/ca.pem"));
    ClientTls tls =
        TlsTranslator.upstream(
                TransportSocket.newBuilder().setTypedConfig(Any.pack(from.build())).build(),
                problems)
            .orElseThrow();
    assertThat(problems.all()).isEmpty();
    assertThat(tls.serverName()).isEqualTo("s");
    assertThat(tls.allowRenegotiation()).isTrue();
    assertThat(tls.versions().most()).hasValue(Version.TLS_1_3);
    assertThat(tls.server().orElseThrow().fixed().ca()).hasValue(new TrustedCa.File("/ca.pem"));
  }

  @Test
  void refusesSecretsOfUnknownKindsAndKeepsKeysToItself() {
    assertThat(SecretTranslator.translate(Secret.getDefaultInstance(), problems)).isEmpty();
    Secret.Builder half = Secret.newBuilder();
    half.getTlsCertificateBuilder().setPrivateKey(DataSource.newBuilder().setInlineString("KEY"));
    SecretTranslator.translate(half.build(), problems);
    assertThat(problems.all())
        .containsExactly(
            "X/x: TYPE_NOT_SET (expected: tls_certificate or validation_context)",
            "X/x.tls_certificate.certificate_chain: SPECIFIER_NOT_SET (expected: inline_bytes or"
                + " inline_string)");
  }
}
