package io.zoneproxy.core.model.tls;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;

/** Whether a key is the one of a certificate; a TLS provider would find out with a handshake. */
public final class KeyFit {
  private KeyFit() {}

  /** Signs with the key, and verifies with the certificate; any thread. */
  public static boolean fits(PrivateKey key, X509Certificate certificate) {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> key.getAlgorithm(); // Ed25519 is both
        };
    try {
      Signature signing = Signature.getInstance(algorithm);
      signing.initSign(key);
      byte[] signature = signing.sign(); // of nothing, which is as good as anything
      Signature verifying = Signature.getInstance(algorithm);
      verifying.initVerify(certificate.getPublicKey());
      return verifying.verify(signature);
    } catch (GeneralSecurityException e) { // another algorithm
      return false;
    }
  }
}
