package io.zoneproxy.core.model.tls;

import java.util.List;
import java.util.Optional;

/**
 * TLS that this proxy ends (Envoy: {@code DownstreamTlsContext}).
 *
 * @param certificates own ones, at least one
 * @param clients how clients are checked; empty = not at all
 * @param requireCertificate a client without a certificate is refused
 * @param alpn protocols in order of preference; none = nothing is selected and all is well
 */
public record ServerTls(
    List<CertificateSource> certificates,
    Optional<Validation> clients,
    boolean requireCertificate,
    TlsVersions versions,
    List<String> alpn) {
  public ServerTls {
    certificates = List.copyOf(certificates);
    alpn = List.copyOf(alpn);
  }
}
