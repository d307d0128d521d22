package io.zoneproxy.core.observe;

import java.util.List;

/**
 * What was agreed on in a TLS handshake, and with whom.
 *
 * @param version for example {@code TLSv1.3}
 * @param cipher the cipher suite by its IANA name
 * @param peerUris URI SANs of the peer's certificate, in its order
 * @param peerDnsNames DNS SANs, likewise
 * @param peerSubject distinguished name, RFC 2253; "" when there is none
 */
public record TlsFacts(
    String version,
    String cipher,
    List<String> peerUris,
    List<String> peerDnsNames,
    String peerSubject) {
  public TlsFacts {
    peerUris = List.copyOf(peerUris);
    peerDnsNames = List.copyOf(peerDnsNames);
  }
}
