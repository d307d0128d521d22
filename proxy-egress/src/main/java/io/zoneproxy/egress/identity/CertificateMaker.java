package io.zoneproxy.egress.identity;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes certificates with keys of P-256, which all peers know and which sign fast. */
public final class CertificateMaker {
  /** For clocks of peers that are behind. */
  private static final Duration BACKDATED = Duration.ofMinutes(1);

  /** RFC 5280 allows 20 octets and wants a positive number. */
  private static final int SERIAL_BITS = 159;

  private static final SecureRandom RANDOM = new SecureRandom();

  private CertificateMaker() {}

  /**
   * A certificate with its key.
   *
   * @param key never shown
   */
  public record Made(PrivateKey key, X509Certificate certificate) {
    /** PEM of the certificate alone. */
    public String certificateText() throws GeneralSecurityException {
      return PemText.of(certificate);
    }

    /** PEM of the key, PKCS #8. */
    public String keyText() {
      return PemText.of(key);
    }

    /** Without the key. */
    @Override
    public String toString() {
      return "Made[" + certificate.getSerialNumber() + "]";
    }
  }

  /** A root, which issues leaves only. */
  public static Made root(String commonName, Duration lifetime)
      throws GeneralSecurityException, IOException {
    KeyPair keys = newKeys();
    X500Name name = new X500Name("CN=" + commonName);
    Instant now = Instant.now();
    X509v3CertificateBuilder builder =
        builder(name, name, keys, now, now.plus(lifetime))
            .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
            .addExtension(
                Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    return sign(builder, keys, keys.getPrivate());
  }

  /**
   * A leaf without a subject, known by its names, of which there must be one.
   *
   * @param uris those that members of a mesh look at
   * @param hosts DNS names, for clients that verify them
   */
  public static Made leaf(Made issuer, List<String> uris, List<String> hosts, Instant until)
      throws GeneralSecurityException, IOException {
    KeyPair keys = newKeys();
    X509Certificate above = issuer.certificate();
    GeneralName[] names =
        Stream.concat(
                uris.stream()
                    .map(uri -> new GeneralName(GeneralName.uniformResourceIdentifier, uri)),
                hosts.stream().map(host -> new GeneralName(GeneralName.dNSName, host)))
            .toArray(GeneralName[]::new);
    X509v3CertificateBuilder builder =
        builder(
                X500Name.getInstance(above.getSubjectX500Principal().getEncoded()),
                new X500Name(""),
                keys,
                Instant.now(),
                until)
            .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
            .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
            .addExtension(Extension.extendedKeyUsage, false, bothSides())
            // critical, for there is no subject (RFC 5280 §4.2.1.6)
            .addExtension(Extension.subjectAlternativeName, true, new GeneralNames(names))
            .addExtension(
                Extension.authorityKeyIdentifier,
                false,
                new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(above));
    return sign(builder, keys, issuer.key());
  }

  private static X509v3CertificateBuilder builder(
      X500Name issuer, X500Name subject, KeyPair keys, Instant now, Instant until)
      throws GeneralSecurityException, IOException {
    return new JcaX509v3CertificateBuilder(
            issuer,
            new BigInteger(SERIAL_BITS, RANDOM).setBit(0), // never zero
            Date.from(now.minus(BACKDATED)),
            Date.from(until),
            subject,
            keys.getPublic())
        .addExtension(
            Extension.subjectKeyIdentifier,
            false,
            new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
  }

  private static Made sign(X509v3CertificateBuilder builder, KeyPair keys, PrivateKey issuer)
      throws GeneralSecurityException {
    String algorithm =
        switch (issuer.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> issuer.getAlgorithm(); // Ed25519 is both
        };
    try {
      return new Made(
          keys.getPrivate(),
          new JcaX509CertificateConverter()
              .getCertificate(builder.build(new JcaContentSignerBuilder(algorithm).build(issuer))));
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException("cannot sign with " + algorithm, e);
    }
  }

  /** A data plane is a server to its callers and a client to others, with one certificate. */
  private static ExtendedKeyUsage bothSides() {
    return new ExtendedKeyUsage(
        new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth});
  }

  private static KeyPair newKeys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
    return generator.generateKeyPair();
  }
}
