package io.zoneproxy.cp;

import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.pkitesting.X509Bundle;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.util.Properties;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/**
 * What a control plane shows: by default a certificate as kuma-cp makes it for itself, which is its
 * own CA, for localhost, without a subject and so without an issuer.
 */
public final class CpCertificate {
  private static final String EMPTY_ISSUER = "org.bouncycastle.x509.allow_empty_issuer_cert";
  private static final long DAY_SECONDS = 86_400;

  private final PrivateKey key;
  private final X509Certificate[] chain;

  private CpCertificate(PrivateKey key, X509Certificate... chain) {
    this.key = key;
    this.chain = chain;
  }

  /** One that a CA has signed, with what is between both. */
  public static CpCertificate of(X509Bundle leaf, X509Bundle... between) {
    X509Certificate[] chain =
        Stream.concat(Stream.of(leaf), Stream.of(between))
            .map(X509Bundle::getCertificate)
            .toArray(X509Certificate[]::new);
    return new CpCertificate(leaf.getKeyPair().getPrivate(), chain);
  }

  /** As kuma-cp's. */
  public static CpCertificate make() {
    return make(Instant.now().plusSeconds(DAY_SECONDS), KeyPurposeId.id_kp_serverAuth);
  }

  /**
   * Another one.
   *
   * @param end of its life
   * @param purpose what it may be used for
   */
  public static CpCertificate make(Instant end, KeyPurposeId purpose) {
    Properties.setThreadOverride(EMPTY_ISSUER, true);
    try {
      KeyPairGenerator keys = KeyPairGenerator.getInstance("EC");
      keys.initialize(256);
      KeyPair pair = keys.generateKeyPair();
      X500Name nobody = new X500Name(new RDN[0]);
      AlgorithmIdentifier ecdsa = new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
      byte[] signed = // by hand: BouncyCastle's builders refuse an issuer without a name
          new DERSequence(
                  new ASN1Encodable[] {
                    new DERTaggedObject(true, 0, new ASN1Integer(2)), // version 3
                    new ASN1Integer(BigInteger.ONE),
                    ecdsa,
                    nobody,
                    new DERSequence(
                        new ASN1Encodable[] {
                          new Time(Date.from(end.minusSeconds(2 * DAY_SECONDS))),
                          new Time(Date.from(end))
                        }),
                    nobody,
                    SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()),
                    new DERTaggedObject(true, 3, extensions(purpose))
                  })
              .getEncoded(ASN1Encoding.DER);
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(pair.getPrivate());
      signature.update(signed);
      DERSequence whole =
          new DERSequence(
              new ASN1Encodable[] {
                ASN1Primitive.fromByteArray(signed), ecdsa, new DERBitString(signature.sign())
              });
      Certificate read =
          CertificateFactory.getInstance("X.509", new BouncyCastleProvider())
              .generateCertificate(new ByteArrayInputStream(whole.getEncoded()));
      return new CpCertificate(pair.getPrivate(), (X509Certificate) read);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    } finally {
      Properties.removeThreadOverride(EMPTY_ISSUER);
    }
  }

  private static Extensions extensions(KeyPurposeId purpose) throws IOException {
    ExtensionsGenerator extensions = new ExtensionsGenerator();
    extensions.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
    extensions.addExtension(
        Extension.keyUsage,
        true,
        new KeyUsage(KeyUsage.keyCertSign | KeyUsage.digitalSignature | KeyUsage.keyEncipherment));
    extensions.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
    extensions.addExtension(
        Extension.subjectAlternativeName,
        true,
        new GeneralNames(
            new GeneralName[] {
              new GeneralName(GeneralName.dNSName, "localhost"),
              new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
              new GeneralName(GeneralName.iPAddress, "::1")
            }));
    return extensions.generate();
  }

  /** What is shown of it, the leaf first. */
  public X509Certificate[] chain() {
    return chain.clone();
  }

  /** A server's side; the JDK's provider could not show a certificate without an issuer. */
  public SslContextBuilder server() {
    return SslContextBuilder.forServer(key, chain).sslProvider(SslProvider.OPENSSL);
  }

  /** The leaf, in PEM: what trusts it. */
  public String pem() {
    StringWriter text = new StringWriter();
    try (PemWriter pem = new PemWriter(text)) {
      pem.writeObject(new PemObject("CERTIFICATE", chain[0].getEncoded()));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
    return text.toString();
  }
}
