package io.zoneproxy.tls.identity;

import java.io.Serial;
import java.security.cert.CertificateException;

/** A peer's certificate that is not good enough; the message says which check failed and why. */
public final class PeerRefusedException extends CertificateException {
  @Serial private static final long serialVersionUID = 1L;

  PeerRefusedException(String message) {
    super(message);
  }

  PeerRefusedException(String message, Throwable cause) {
    super(message, cause);
  }

  /** It is the peer's doing: where it was found out interests nobody. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
