package io.zoneproxy.core.resource;

import java.util.List;

/**
 * Whom the data planes of a mesh believe.
 *
 * @param trustDomain of the SPIFFE IDs that the authorities may vouch for
 * @param authorities PEM, each of one certificate or several
 */
public record MeshTrust(Meta meta, String trustDomain, List<String> authorities)
    implements Resource {
  public MeshTrust {
    authorities = List.copyOf(authorities);
  }
}
