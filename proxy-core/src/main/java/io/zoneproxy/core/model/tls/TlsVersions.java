package io.zoneproxy.core.model.tls;

import java.util.Optional;

/**
 * Versions of TLS.
 *
 * @param least empty = the provider's default, 1.2
 * @param most empty = the default of the side: 1.3 for who accepts; Envoy begins with 1.2 only
 */
public record TlsVersions(Optional<Version> least, Optional<Version> most) {
  /** Nothing said. */
  public static final TlsVersions DEFAULT = new TlsVersions(Optional.empty(), Optional.empty());

  /** Versions by their names in Envoy. */
  public enum Version {
    TLS_1_0,
    TLS_1_1,
    TLS_1_2,
    TLS_1_3
  }
}
