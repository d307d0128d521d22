package io.zoneproxy.core.route;

import io.zoneproxy.core.model.TransportProtocol;

/**
 * What a connection began with, as chains ask for it.
 *
 * @param serverName lower-case SNI, "" when there is none. Kuma's names hold '{', '=' and ',':
 *     never parse them as DNS names
 * @param transport {@link TransportProtocol#TLS} or {@link TransportProtocol#PLAIN}
 */
public record Opening(String serverName, TransportProtocol transport) {
  /** Something else than a ClientHello, or nothing that was looked at. */
  public static final Opening PLAIN = new Opening("", TransportProtocol.PLAIN);

  /** A ClientHello. */
  public static Opening tls(String serverName) {
    return new Opening(serverName, TransportProtocol.TLS);
  }
}
