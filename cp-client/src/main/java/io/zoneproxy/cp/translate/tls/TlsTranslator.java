package io.zoneproxy.cp.translate.tls;

import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.zoneproxy.core.model.tls.CertificateSource;
import io.zoneproxy.core.model.tls.ClientTls;
import io.zoneproxy.core.model.tls.ServerTls;
import io.zoneproxy.cp.translate.value.Problems;
import io.zoneproxy.cp.translate.value.Typed;
import java.util.List;
import java.util.Optional;

/** Transport sockets. Pure. */
public final class TlsTranslator {
  private static final String RAW =
      "envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer"; // no TLS

  private TlsTranslator() {}

  /** TLS that ends here; empty when bytes stay as they are, or when something is wrong. */
  public static Optional<ServerTls> downstream(TransportSocket from, Problems problems) {
    Problems at = problems.at("typed_config");
    if (Typed.type(from.getTypedConfig()).equals(RAW)) {
      return Optional.empty();
    }
    return Typed.read(
            from.getTypedConfig(),
            DownstreamTlsContext.getDescriptor(),
            DownstreamTlsContext.parser(),
            at)
        .map(context -> downstream(context, at));
  }

  private static ServerTls downstream(DownstreamTlsContext from, Problems problems) {
    CommonTlsContext common = from.getCommonTlsContext();
    Problems at = problems.at("common_tls_context");
    if (from.getRequireSni().getValue()) {
      problems.at("require_sni").add(true, "false");
    }
    List<CertificateSource> certificates = Certificates.of(common, at);
    if (common.getTlsCertificatesCount() + common.getTlsCertificateSdsSecretConfigsCount() == 0) {
      at.add("no certificate", "tls_certificates or tls_certificate_sds_secret_configs");
    }
    return new ServerTls(
        certificates,
        Validations.of(common, at),
        from.getRequireClientCertificate().getValue(),
        Versions.of(common.getTlsParams(), at.at("tls_params")),
        List.copyOf(common.getAlpnProtocolsList()));
  }

  /** TLS that begins here; empty when bytes stay as they are, or when something is wrong. */
  public static Optional<ClientTls> upstream(TransportSocket from, Problems problems) {
    Problems at = problems.at("typed_config");
    if (Typed.type(from.getTypedConfig()).equals(RAW)) {
      return Optional.empty();
    }
    return Typed.read(
            from.getTypedConfig(),
            UpstreamTlsContext.getDescriptor(),
            UpstreamTlsContext.parser(),
            at)
        .map(context -> upstream(context, at));
  }

  private static ClientTls upstream(UpstreamTlsContext from, Problems problems) {
    CommonTlsContext common = from.getCommonTlsContext();
    Problems at = problems.at("common_tls_context");
    return new ClientTls(
        from.getSni(),
        Certificates.of(common, at),
        Validations.of(common, at),
        Versions.of(common.getTlsParams(), at.at("tls_params")),
        List.copyOf(common.getAlpnProtocolsList()),
        from.getAllowRenegotiation());
  }
}
