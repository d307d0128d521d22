package io.zoneproxy.cp.sds;

import io.zoneproxy.core.model.tls.KeyFit;
import io.zoneproxy.core.model.tls.SecretSpec;
import io.zoneproxy.core.model.tls.TrustedCa;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads the texts of a secret before it takes the place of one that works: otherwise new
 * connections would find out. Messages never hold any of the texts.
 */
final class SecretPem {
  private static final String CERTIFICATE = "CERTIFICATE"; // RFC 7468 5.1

  private SecretPem() {}

  /**
   * Requires that it can be used.
   *
   * @throws IOException what is wrong, from its field on
   */
  static void check(SecretSpec secret) throws IOException {
    if (secret instanceof SecretSpec.Certificate own) {
      X509Certificate leaf = certificates(own.chain(), "tls_certificate.certificate_chain");
      PrivateKey key = key(own.key().pem());
      if (!KeyFit.fits(key, leaf)) {
        throw new IOException(
            "tls_certificate.private_key: not that of the certificate (expected: a pair)");
      }
    } else if (secret instanceof SecretSpec.Trust trust) {
      Optional<TrustedCa> ca = trust.validation().ca();
      if (ca.isPresent() && ca.get() instanceof TrustedCa.Inline inline) {
        certificates(inline.pem(), "validation_context.trusted_ca");
      }
      for (Map.Entry<String, String> domain : trust.validation().trustDomains().entrySet()) {
        certificates(
            domain.getValue(),
            "validation_context.custom_validator_config.trust_domains[" + domain.getKey() + "]");
      }
    }
  }

  /** Requires at least one; returns the first. */
  private static X509Certificate certificates(String text, String field) throws IOException {
    X509Certificate first = null;
    try (PemReader reader = new PemReader(new StringReader(text))) {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (PemObject each = reader.readPemObject(); each != null; each = reader.readPemObject()) {
        if (each.getType().equals(CERTIFICATE)) {
          ByteArrayInputStream content = new ByteArrayInputStream(each.getContent());
          X509Certificate read = (X509Certificate) factory.generateCertificate(content);
          first = first == null ? read : first;
        }
      }
    } catch (IOException | RuntimeException | GeneralSecurityException e) {
      // RuntimeException: how the reader says that base64 is broken
      throw new IOException(field + ": a certificate cannot be read (expected: PEM)", e);
    }
    return require(first, field + ": no certificate (expected: PEM)");
  }

  private static PrivateKey key(String text) throws IOException {
    String field = "tls_certificate.private_key: ";
    JcaPEMKeyConverter converter =
        new JcaPEMKeyConverter()
            .setAlgorithmMapping(X9ObjectIdentifiers.id_ecPublicKey, "EC"); // the JDK's name
    PrivateKey found = null;
    try (PEMParser parser = new PEMParser(new StringReader(text))) {
      for (Object each = parser.readObject();
          each != null && found == null;
          each = parser.readObject()) {
        if (each instanceof PEMKeyPair pair) {
          found = converter.getPrivateKey(pair.getPrivateKeyInfo());
        } else if (each instanceof PrivateKeyInfo key) {
          found = converter.getPrivateKey(key);
        }
      }
    } catch (IOException | RuntimeException e) { // RuntimeException: broken base64 or ASN.1
      throw new IOException(field + "cannot be read (expected: PEM)", e);
    }
    return require(found, field + "none in it (expected: PEM, not encrypted)");
  }

  private static <T> T require(@Nullable T found, String problem) throws IOException {
    if (found == null) {
      throw new IOException(problem);
    }
    return found;
  }
}
