package io.zoneproxy.tls.context;

import io.zoneproxy.core.model.tls.CertificateSource;
import io.zoneproxy.core.model.tls.ClientTls;
import io.zoneproxy.core.model.tls.SecretName;
import io.zoneproxy.core.model.tls.SecretSpec;
import io.zoneproxy.core.model.tls.TlsVersions;
import io.zoneproxy.tls.context.Material.Peers;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All texts that a context for calls of ours is made of, as {@link Material} is for calls to us.
 *
 * @param own certificate and key, when the server asks; empty = none is sent
 * @param servers how they are checked; empty = not at all
 * @param alpn protocols in order of preference
 */
record OriginMaterial(
    Optional<Material.Own> own, Optional<Peers> servers, TlsVersions versions, List<String> alpn) {

  /**
   * Gathers them; reads files.
   *
   * @param secrets those that have come
   */
  static OriginMaterial of(ClientTls tls, Map<SecretName, SecretSpec> secrets)
      throws UnusableTlsException {
    List<CertificateSource> certificates = tls.certificates();
    if (certificates.size() > 1) {
      throw new UnusableTlsException(
          "tls_certificates: " + certificates.size() + " (expected: at most 1)");
    }
    return new OriginMaterial(
        certificates.isEmpty()
            ? Optional.empty()
            : Optional.of(Material.own(certificates.get(0), secrets)),
        tls.server().isEmpty()
            ? Optional.empty()
            : Optional.of(Material.peers(tls.server().get(), secrets)),
        tls.versions(),
        tls.alpn());
  }
}
