package io.zoneproxy.core.resource;

import io.zoneproxy.core.model.HostPort;
import java.util.Map;
import java.util.Optional;

/**
 * A service outside the mesh, in the older form: one endpoint of the service that its tags name.
 *
 * @param tags {@code kuma.io/service} among them
 * @param address where it is
 * @param tls begun towards it; empty = none
 */
public record ExternalService(
    Meta meta, Map<String, String> tags, HostPort address, Optional<Tls> tls) implements Resource {
  public ExternalService {
    tags = Map.copyOf(tags);
  }

  /**
   * TLS towards the service.
   *
   * @param serverName SNI, and the name that is expected; "" = the address
   * @param ca authorities; empty = the system's
   * @param own certificate to be shown when the service asks
   * @param allowRenegotiation TLS 1.2 only
   * @param anyName the names in the certificate are not looked at
   */
  public record Tls(
      String serverName,
      Optional<DataSource> ca,
      Optional<DataSource.Pair> own,
      boolean allowRenegotiation,
      boolean anyName) {}
}
