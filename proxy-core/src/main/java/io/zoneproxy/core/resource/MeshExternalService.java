package io.zoneproxy.core.resource;

import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.core.model.tls.TlsVersions;
import java.util.List;
import java.util.Optional;

/**
 * A service outside the mesh.
 *
 * @param port that callers use
 * @param protocol {@code tcp}, {@code tls}, {@code http}, {@code http2} or {@code grpc}
 * @param endpoints in the order written; none is legal, connections then find no endpoint
 * @param tls begun towards them; empty = none
 */
public record MeshExternalService(
    Meta meta, int port, String protocol, List<Endpoint> endpoints, Optional<Tls> tls)
    implements Resource {
  public MeshExternalService {
    endpoints = List.copyOf(endpoints);
  }

  /**
   * One address of it.
   *
   * @param priority 0 is used first
   */
  public record Endpoint(HostPort address, int priority) {}

  /** How much of the service's certificate is looked at. */
  public enum Mode {
    /** All of it. */
    SECURED,
    /** Not its names. */
    SKIP_SAN,
    /** Not who issued it, and so nothing: names that anybody may issue say nothing. */
    SKIP_CA,
    /** Nothing. */
    SKIP_ALL
  }

  /**
   * TLS towards the service.
   *
   * @param serverName SNI, and a name that is expected; "" = the first endpoint's
   * @param names further ones that may be in the certificate
   * @param ca authorities; empty = the system's
   * @param own certificate to be shown when the service asks
   */
  public record Tls(
      TlsVersions versions,
      boolean allowRenegotiation,
      Mode mode,
      String serverName,
      List<StringMatch> names,
      Optional<DataSource> ca,
      Optional<DataSource.Pair> own) {
    public Tls {
      names = List.copyOf(names);
    }
  }
}
