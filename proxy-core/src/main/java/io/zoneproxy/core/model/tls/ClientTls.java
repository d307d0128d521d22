package io.zoneproxy.core.model.tls;

import java.util.List;
import java.util.Optional;

/**
 * TLS that this proxy begins (Envoy: {@code UpstreamTlsContext}).
 *
 * @param serverName SNI that is sent; "" = none
 * @param certificates own ones, when the server asks
 * @param server how the server is checked; empty = not at all, which is said loudly
 * @param allowRenegotiation TLS 1.2 only
 */
public record ClientTls(
    String serverName,
    List<CertificateSource> certificates,
    Optional<Validation> server,
    TlsVersions versions,
    List<String> alpn,
    boolean allowRenegotiation) {
  public ClientTls {
    certificates = List.copyOf(certificates);
    alpn = List.copyOf(alpn);
  }

  /** The same, offering these protocols when it offers none. */
  public ClientTls withAlpnOr(List<String> otherwise) {
    return alpn.isEmpty() && !otherwise.isEmpty()
        ? new ClientTls(serverName, certificates, server, versions, otherwise, allowRenegotiation)
        : this;
  }
}
