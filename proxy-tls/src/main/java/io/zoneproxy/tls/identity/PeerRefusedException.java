package io.zoneproxy.tls.identity;

import java.io.Serial;
import java.security.cert.CertificateException;

/** A peer's certificate that is not good enough; the message says which check failed and why. */
public final class PeerRefusedException extends CertificateException {
  @Serial private static final long serialVersionUID = 1L;

  private final boolean name;

  PeerRefusedException(String message) {
    this(message, false);
  }

  PeerRefusedException(String message, Throwable cause) {
    super(message, cause);
    this.name = false;
  }

  private PeerRefusedException(String message, boolean name) {
    super(message);
    this.name = name;
  }

  /** It is good, and for somebody else than is expected. */
  static PeerRefusedException ofName(String message) {
    return new PeerRefusedException(message, true);
  }

  /** Whether the certificate is good, and only its name is not one that is expected. */
  public boolean isForAnother() {
    return name;
  }

  /** It is the peer's doing: where it was found out interests nobody. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
