package io.zoneproxy.core.route;

import io.netty.util.AttributeKey;
import java.util.List;

/**
 * Who the other end of a TLS connection is, as its certificate says.
 *
 * @param uris URI SANs in the certificate's order
 * @param dnsNames DNS SANs in the certificate's order
 * @param subject distinguished name, RFC 2253; "" when it is empty or there is no certificate
 * @param verified whether the certificate was checked; what is not verified is a claim
 */
public record PeerIdentity(
    List<String> uris, List<String> dnsNames, String subject, boolean verified) {
  /** Set on a channel when its TLS handshake is done. */
  public static final AttributeKey<PeerIdentity> KEY =
      AttributeKey.valueOf(PeerIdentity.class, "KEY");

  /** Sent no certificate. */
  public static final PeerIdentity ANONYMOUS = new PeerIdentity(List.of(), List.of(), "", false);

  public PeerIdentity {
    uris = List.copyOf(uris);
    dnsNames = List.copyOf(dnsNames);
  }
}
