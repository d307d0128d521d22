package io.zoneproxy.tls.context;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;

/** Certificates and keys out of their text form. Messages never hold any of the text. */
public final class Pem {
  private static final String CERTIFICATE = "CERTIFICATE";

  private Pem() {}

  /**
   * All certificates of a text, at least one; anything else in it is passed over.
   *
   * @param what it is, for messages
   */
  public static List<X509Certificate> certificates(String text, String what)
      throws UnusableTlsException {
    List<X509Certificate> found = new ArrayList<>();
    try (PemReader reader = new PemReader(new StringReader(text))) {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (PemObject each = reader.readPemObject(); each != null; each = reader.readPemObject()) {
        if (each.getType().equals(CERTIFICATE)) {
          ByteArrayInputStream content = new ByteArrayInputStream(each.getContent());
          found.add((X509Certificate) factory.generateCertificate(content));
        }
      }
    } catch (IOException | RuntimeException | CertificateException e) {
      // RuntimeException: how the reader says that base64 is broken
      throw new UnusableTlsException(
          what + ": certificate " + (found.size() + 1) + " cannot be read: " + reason(e), e);
    }
    if (found.isEmpty()) {
      throw new UnusableTlsException(what + ": no certificate in it (expected: PEM)");
    }
    return found;
  }

  /**
   * The first private key of a text: PKCS#8, or the older forms of RSA and EC.
   *
   * @param what it is, for messages
   */
  public static PrivateKey key(String text, String what) throws UnusableTlsException {
    JcaPEMKeyConverter converter =
        new JcaPEMKeyConverter()
            .setAlgorithmMapping(X9ObjectIdentifiers.id_ecPublicKey, "EC"); // the JDK's name
    try (PEMParser parser = new PEMParser(new StringReader(text))) {
      for (Object each = parser.readObject(); each != null; each = parser.readObject()) {
        if (each instanceof PEMKeyPair pair) {
          return converter.getPrivateKey(pair.getPrivateKeyInfo());
        }
        if (each instanceof PrivateKeyInfo key) {
          return converter.getPrivateKey(key);
        }
      }
    } catch (IOException | RuntimeException e) { // RuntimeException: broken base64 or ASN.1
      throw new UnusableTlsException(what + ": private key cannot be read", e);
    }
    throw new UnusableTlsException(what + ": no private key in it (expected: PEM, not encrypted)");
  }

  private static String reason(Exception e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
