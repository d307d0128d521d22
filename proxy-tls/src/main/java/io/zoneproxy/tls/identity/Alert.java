package io.zoneproxy.tls.identity;

import io.netty.handler.ssl.OpenSslCertificateException;
import io.netty.internal.tcnative.CertificateVerifier;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;

/**
 * Says a refusal so that BoringSSL sends the alert of RFC 8446 §6.2 that fits; without such a word
 * it would say internal_error, as if the fault were ours.
 */
final class Alert {
  private Alert() {}

  /** The refusal is the cause of what is to be thrown. */
  static CertificateException of(PeerRefusedException refused) {
    return new OpenSslCertificateException(refused.getMessage(), refused, code(refused));
  }

  private static int code(PeerRefusedException refused) {
    for (Throwable at = refused.getCause(); at != null; at = at.getCause()) {
      if (at instanceof CertificateExpiredException) {
        return CertificateVerifier.X509_V_ERR_CERT_HAS_EXPIRED; // certificate_expired
      }
      if (at instanceof CertificateNotYetValidException) {
        return CertificateVerifier.X509_V_ERR_CERT_NOT_YET_VALID; // certificate_expired, too
      }
    }
    // Neither path nor signature is good: it comes from nobody whom we know.
    return isOfPath(refused)
        ? CertificateVerifier.X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY // unknown_ca
        : CertificateVerifier.X509_V_ERR_CERT_REJECTED; // bad_certificate
  }

  private static boolean isOfPath(PeerRefusedException refused) {
    return refused.getCause() instanceof CertPathValidatorException
        || refused.getCause() instanceof CertPathBuilderException;
  }
}
