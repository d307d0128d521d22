package io.zoneproxy.egress.demo;

import static java.nio.charset.StandardCharsets.US_ASCII;

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
import java.util.ArrayList;
import java.util.Base64;
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

/** The mesh's certificate authority and what it signs. Keys live in memory, for one run. */
final class DemoCertificates {
  /** The identity of whoever sends the demo's requests. */
  static final String CLIENT = "demo-client";

  /** Long enough for a long look, short enough that a forgotten file is worth nothing. */
  private static final Duration LIFETIME = Duration.ofDays(1);

  /** For clocks of other programs that look at a certificate. */
  private static final Duration BACKDATED = Duration.ofMinutes(5);

  /** RFC 5280 allows 20 octets and wants a positive number. */
  private static final int SERIAL_BITS = 159;

  /** RFC 7468 wants lines of this length. */
  private static final int PEM_LINE = 64;

  private static final SecureRandom RANDOM = new SecureRandom();

  private final Identity authority;
  private final Identity client;

  private DemoCertificates(Identity authority, Identity client) {
    this.authority = authority;
    this.client = client;
  }

  /** Makes an authority and the client's certificate. */
  static DemoCertificates create() throws GeneralSecurityException, IOException {
    Identity authority = selfSigned();
    List<GeneralName> names =
        Stream.of(DemoNames.spiffeId(CLIENT), "kuma://kuma.io/service/" + CLIENT)
            .map(DemoCertificates::uri)
            .toList();
    return new DemoCertificates(authority, leaf(authority, CLIENT, names));
  }

  /** Whom everybody in the mesh trusts. */
  X509Certificate authority() {
    return authority.certificate();
  }

  Identity client() {
    return client;
  }

  /**
   * A certificate such as Kuma gives to a sidecar: one SPIFFE name for the service and one {@code
   * kuma://} name for each tag. The DNS name comes on top, for clients that verify host names.
   */
  Identity issue(DemoWorld.Instance instance) throws GeneralSecurityException, IOException {
    List<GeneralName> names = new ArrayList<>();
    names.add(uri(DemoNames.spiffeId(instance.service())));
    instance.tags().entrySet().stream()
        .map(tag -> "kuma://" + tag.getKey() + "/" + tag.getValue())
        .sorted()
        .map(DemoCertificates::uri)
        .forEach(names::add);
    String hashed = DemoNames.hashedForm(instance.service(), DemoWorld.SERVICE_PORT);
    names.add(new GeneralName(GeneralName.dNSName, hashed));
    return leaf(authority, instance.name(), names);
  }

  /** A certificate with the URIs given and nothing else. */
  Identity issue(String commonName, List<String> uris)
      throws GeneralSecurityException, IOException {
    return leaf(authority, commonName, uris.stream().map(DemoCertificates::uri).toList());
  }

  /** Writes what {@code curl} and {@code openssl} need to be a client of the mesh. */
  void writeTo(DemoFolder folder) throws IOException, GeneralSecurityException {
    folder.write("ca.pem", pem("CERTIFICATE", authority().getEncoded()));
    folder.write("client.pem", pem("CERTIFICATE", client.certificate().getEncoded()));
    folder.write("client.key", pem("PRIVATE KEY", client.key().getEncoded()));
  }

  private static Identity selfSigned() throws GeneralSecurityException, IOException {
    KeyPair keys = newKeys();
    X500Name name = new X500Name("CN=zoneproxy demo CA of mesh " + DemoWorld.MESH);
    X509v3CertificateBuilder builder = builder(name, name, keys);
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
    builder.addExtension(
        Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    return sign(builder, keys, keys.getPrivate());
  }

  private static Identity leaf(Identity issuer, String commonName, List<GeneralName> names)
      throws GeneralSecurityException, IOException {
    KeyPair keys = newKeys();
    X509Certificate above = issuer.certificate();
    X500Name issuerName = X500Name.getInstance(above.getSubjectX500Principal().getEncoded());
    X509v3CertificateBuilder builder =
        builder(issuerName, new X500Name("CN=" + commonName), keys)
            .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
            .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
            .addExtension(Extension.extendedKeyUsage, false, bothSides())
            .addExtension(
                Extension.subjectAlternativeName,
                false,
                new GeneralNames(names.toArray(GeneralName[]::new)))
            .addExtension(
                Extension.authorityKeyIdentifier,
                false,
                new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(above));
    return sign(builder, keys, issuer.key());
  }

  private static X509v3CertificateBuilder builder(X500Name issuer, X500Name subject, KeyPair keys)
      throws GeneralSecurityException, IOException {
    Instant now = Instant.now();
    return new JcaX509v3CertificateBuilder(
            issuer,
            new BigInteger(SERIAL_BITS, RANDOM).setBit(0), // never zero
            Date.from(now.minus(BACKDATED)),
            Date.from(now.plus(LIFETIME)),
            subject,
            keys.getPublic())
        .addExtension(
            Extension.subjectKeyIdentifier,
            false,
            new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
  }

  private static Identity sign(X509v3CertificateBuilder builder, KeyPair keys, PrivateKey issuer)
      throws GeneralSecurityException {
    try {
      return new Identity(
          keys.getPrivate(),
          new JcaX509CertificateConverter()
              .getCertificate(
                  builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuer))));
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException("cannot sign with ECDSA: " + e.getMessage(), e);
    }
  }

  /** A sidecar is a server to its callers and a client to others, with one certificate. */
  private static ExtendedKeyUsage bothSides() {
    return new ExtendedKeyUsage(
        new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth});
  }

  private static KeyPair newKeys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
    return generator.generateKeyPair();
  }

  private static GeneralName uri(String text) {
    return new GeneralName(GeneralName.uniformResourceIdentifier, text);
  }

  private static String pem(String label, byte[] content) {
    String lines = Base64.getMimeEncoder(PEM_LINE, "\n".getBytes(US_ASCII)).encodeToString(content);
    return "-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----\n";
  }

  /**
   * A certificate with its key.
   *
   * @param key never printed
   * @param certificate signed by the mesh's authority
   */
  record Identity(PrivateKey key, X509Certificate certificate) {
    /** Without the key. */
    @Override
    public String toString() {
      return "Identity[" + certificate.getSubjectX500Principal() + "]";
    }
  }
}
