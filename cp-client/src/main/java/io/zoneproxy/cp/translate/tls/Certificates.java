package io.zoneproxy.cp.translate.tls;

import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.zoneproxy.core.model.tls.CertificateSource;
import io.zoneproxy.core.model.tls.PrivateKeyText;
import io.zoneproxy.cp.translate.value.Problems;
import io.zoneproxy.cp.translate.value.Texts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Own certificates. A key never stands in a problem. */
final class Certificates {
  private Certificates() {}

  static List<CertificateSource> of(CommonTlsContext from, Problems problems) {
    List<CertificateSource> sources = new ArrayList<>();
    for (int i = 0; i < from.getTlsCertificatesCount(); i++) {
      source(from.getTlsCertificates(i), problems.at("tls_certificates", i))
          .ifPresent(sources::add);
    }
    for (int i = 0; i < from.getTlsCertificateSdsSecretConfigsCount(); i++) {
      Secrets.name(
              from.getTlsCertificateSdsSecretConfigs(i),
              problems.at("tls_certificate_sds_secret_configs", i))
          .map(CertificateSource.Named::new)
          .ifPresent(sources::add);
    }
    return sources;
  }

  private static Optional<CertificateSource> source(TlsCertificate from, Problems problems) {
    DataSource chain = from.getCertificateChain();
    DataSource key = from.getPrivateKey();
    if (chain.hasFilename() && key.hasFilename()) {
      return Optional.of(new CertificateSource.Files(chain.getFilename(), key.getFilename()));
    }
    return inline(from, problems).map(CertificateSource.class::cast);
  }

  /** Chain and key that stand in it. */
  static Optional<CertificateSource.Inline> inline(TlsCertificate from, Problems problems) {
    Optional<String> chain = text(from.getCertificateChain(), problems.at("certificate_chain"));
    Optional<String> key = text(from.getPrivateKey(), problems.at("private_key"));
    return chain.isPresent() && key.isPresent()
        ? Optional.of(new CertificateSource.Inline(chain.get(), new PrivateKeyText(key.get())))
        : Optional.empty();
  }

  private static Optional<String> text(DataSource from, Problems problems) {
    Optional<String> text = Texts.inline(from, problems);
    if (text.isPresent() && text.get().isEmpty()) {
      problems.add("empty", "PEM");
    }
    return text;
  }
}
