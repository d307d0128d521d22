package io.zoneproxy.core.model.tls;

/** Certificates of authorities. */
public sealed interface TrustedCa {
  /** PEM, one or several. */
  record Inline(String pem) implements TrustedCa {}

  /** A file with them, for example the system's. */
  record File(String path) implements TrustedCa {}
}
