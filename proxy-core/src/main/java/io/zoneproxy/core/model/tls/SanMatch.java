package io.zoneproxy.core.model.tls;

import io.zoneproxy.core.model.policy.StringMatch;

/** One subject alternative name that a peer may have. */
public record SanMatch(Type type, StringMatch value) {
  /** Kinds of names in a certificate. */
  public enum Type {
    URI,
    /** An exact value fits a wildcard in the certificate. */
    DNS,
    /** Compared as text. */
    IP_ADDRESS,
    EMAIL
  }
}
