package io.zoneproxy.ingress.train;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * One that signs itself, for everything that a training run needs one for: the control plane, the
 * mesh, the admin listener. It never leaves the process but for its own sockets.
 *
 * @param key never printed
 */
record TrainCertificate(PrivateKey key, X509Certificate certificate) {
  /** A run takes seconds; clocks are the same. */
  private static final Duration LIFETIME = Duration.ofHours(1);

  static TrainCertificate make() throws IOException {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair keys = generator.generateKeyPair();
      return new TrainCertificate(
          keys.getPrivate(),
          new JcaX509CertificateConverter()
              .getCertificate(
                  unsigned(keys)
                      .build(
                          new JcaContentSignerBuilder("SHA256withECDSA")
                              .build(keys.getPrivate()))));
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IOException("no certificate for training: " + e.getMessage(), e);
    }
  }

  private static X509v3CertificateBuilder unsigned(KeyPair keys) throws IOException {
    X500Name name = new X500Name("CN=zoneproxy-train");
    Instant now = Instant.now();
    return new JcaX509v3CertificateBuilder(
            name,
            BigInteger.ONE,
            Date.from(now.minus(LIFETIME)),
            Date.from(now.plus(LIFETIME)),
            name,
            keys.getPublic())
        .addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(
                new GeneralName[] {
                  new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
                  new GeneralName(GeneralName.uniformResourceIdentifier, "spiffe://default/train")
                }));
  }

  /** The certificate as PEM. */
  String certificatePem() throws IOException {
    try {
      return pem("CERTIFICATE", certificate.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IOException("no certificate for training: " + e.getMessage(), e);
    }
  }

  /** The key as PEM. */
  String keyPem() {
    return pem("PRIVATE KEY", key.getEncoded());
  }

  private static String pem(String label, byte[] content) {
    String lines = Base64.getMimeEncoder().encodeToString(content);
    return "-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----\n";
  }

  /** PEM as proto-JSON has bytes. */
  static String bytes(String pem) {
    return Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII));
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "TrainCertificate";
  }
}
