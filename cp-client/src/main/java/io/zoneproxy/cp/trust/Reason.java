package io.zoneproxy.cp.trust;

import java.security.cert.CertificateException;

/** Finds the words that matter in a failure of a connection, which TLS wraps several times. */
public final class Reason {
  private Reason() {}

  /**
   * What this package found against a certificate; else what the last cause says.
   *
   * @return one line; the type of the failure when it has no words at all
   */
  public static String of(Throwable thrown) {
    String words = thrown.getClass().getSimpleName();
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      words = at.getMessage() == null ? words : at.getMessage();
      if (at instanceof CertificateException) {
        break; // the first is ours, and holds what is below
      }
    }
    return words.lines().findFirst().orElse(words);
  }
}
