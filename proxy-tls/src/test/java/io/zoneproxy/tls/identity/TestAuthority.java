package io.zoneproxy.tls.identity;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemObjectGenerator;
import org.jspecify.annotations.Nullable;

/** A certificate authority for one test, and what it issues: good certificates and bad ones. */
public final class TestAuthority {
  private static final int EC_BITS = 256;
  private static final X500Name NOBODY = new X500Name("");

  private final Issued self;

  private TestAuthority(Issued self) {
    this.self = self;
  }

  /** An authority with a serial number, such as kuma-cp's own with 0. */
  public static TestAuthority create(String name, long serial) {
    return new TestAuthority(
        new Order(null).subject(name).serial(serial).authority().issue("SHA256withECDSA"));
  }

  /** An authority. */
  public static TestAuthority create(String name) {
    return create(name, 1);
  }

  /** An authority below this one. */
  public TestAuthority below(Order order) {
    return new TestAuthority(order.authority().issue());
  }

  /** Somebody who signs without being an authority. */
  static TestAuthority posing(Issued issued) {
    return new TestAuthority(issued);
  }

  /** Its own certificate. */
  public X509Certificate certificate() {
    return self.chain().get(0);
  }

  /** PEM of its own certificate. */
  public String pem() {
    return pem(certificate());
  }

  /** PEM of its key. */
  public String keyPem() {
    return self.keyPem();
  }

  /** A certificate to be ordered. */
  public Order order() {
    return new Order(this);
  }

  /** PEM of certificates, or of a key in the old form that is named after its algorithm. */
  public static String pem(Object... objects) {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      for (Object each : objects) {
        if (each instanceof PemObject object) {
          writer.writeObject((PemObjectGenerator) object);
        } else {
          writer.writeObject(each);
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return text.toString();
  }

  /**
   * A certificate with its key.
   *
   * @param chain the leaf first, without the root
   */
  public record Issued(PrivateKey key, List<X509Certificate> chain) {
    /** PEM of the chain. */
    public String chainPem() {
      return pem(chain.toArray());
    }

    /** PEM of the key, in the form that Go gives it: PKCS#1 or SEC 1. */
    public String keyPem() {
      if (!(key instanceof ECPrivateKey ec)) {
        return pem(key);
      }
      try {
        var sec1 =
            new org.bouncycastle.asn1.sec.ECPrivateKey(
                EC_BITS, ec.getS(), SECObjectIdentifiers.secp256r1);
        return pem(new PemObject("EC PRIVATE KEY", sec1.getEncoded()));
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    /** The chain as a peer presents it. */
    public X509Certificate[] presented() {
      return chain.toArray(X509Certificate[]::new);
    }
  }

  /** What shall stand in a certificate. */
  public static final class Order {
    private final @Nullable TestAuthority issuer;
    private final List<GeneralName> names = new ArrayList<>();
    private final List<GeneralSubtree> permitted = new ArrayList<>();
    private X500Name subject = NOBODY;
    private long serial = 2;
    private Instant from = Instant.now().minus(Duration.ofHours(1));
    private Instant to = Instant.now().plus(Duration.ofHours(1));
    private boolean authority;
    private int usage = KeyUsage.digitalSignature;
    private KeyPurposeId purpose = KeyPurposeId.id_kp_clientAuth;
    private String keys = "EC";

    private Order(@Nullable TestAuthority issuer) {
      this.issuer = issuer;
    }

    /** A subject; else it is empty. */
    public Order subject(String name) {
      subject = new X500Name("CN=" + name);
      return this;
    }

    Order serial(long number) {
      serial = number;
      return this;
    }

    /** One more name. */
    public Order name(int type, String value) {
      names.add(new GeneralName(type, value));
      return this;
    }

    /** One more URI. */
    public Order uri(String value) {
      return name(GeneralName.uniformResourceIdentifier, value);
    }

    /** One more DNS name. */
    public Order dns(String value) {
      return name(GeneralName.dNSName, value);
    }

    /** One more address. */
    public Order ip(String value) {
      return name(GeneralName.iPAddress, value);
    }

    /** What is issued below may have URIs of this host, besides others that were permitted. */
    Order permitUris(String host) {
      permitted.add(
          new GeneralSubtree(new GeneralName(GeneralName.uniformResourceIdentifier, host)));
      return this;
    }

    /** When it is valid. */
    public Order valid(Instant begin, Instant end) {
      from = begin;
      to = end;
      return this;
    }

    /** What the key is for. */
    public Order usage(int bits) {
      usage = bits;
      return this;
    }

    /** What the certificate is for. */
    public Order purpose(KeyPurposeId id) {
      purpose = id;
      return this;
    }

    /** For a TLS server. */
    public Order server() {
      return purpose(KeyPurposeId.id_kp_serverAuth);
    }

    /** With a key of RSA, as kuma-cp makes them. */
    public Order rsa() {
      keys = "RSA";
      return this;
    }

    Order authority() {
      authority = true;
      usage = KeyUsage.keyCertSign | KeyUsage.cRLSign;
      return this;
    }

    /** Issues it. */
    public Issued issue() {
      return issue("SHA256withECDSA");
    }

    /** Issues it with another signature. */
    public Issued issue(String algorithm) {
      if (names.isEmpty() && subject.equals(NOBODY)) {
        subject("leaf"); // RFC 5280 wants one of them
      }
      try {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(keys);
        generator.initialize(keys.equals("EC") ? EC_BITS : 2048);
        return sign(generator.generateKeyPair(), algorithm);
      } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
        throw new IllegalStateException(e);
      }
    }

    private Issued sign(KeyPair pair, String algorithm)
        throws IOException, GeneralSecurityException, OperatorCreationException {
      X500Name above =
          issuer == null
              ? subject
              : X500Name.getInstance(issuer.certificate().getSubjectX500Principal().getEncoded());
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              above,
              BigInteger.valueOf(serial),
              Date.from(from),
              Date.from(to),
              subject,
              pair.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
      if (!authority) {
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
      }
      if (!names.isEmpty()) { // without a subject they are critical: RFC 5280 §4.2.1.6
        builder.addExtension(
            Extension.subjectAlternativeName,
            subject.equals(NOBODY),
            new GeneralNames(names.toArray(GeneralName[]::new)));
      }
      if (!permitted.isEmpty()) {
        builder.addExtension(
            Extension.nameConstraints,
            true,
            new NameConstraints(permitted.toArray(GeneralSubtree[]::new), null));
      }
      PrivateKey signer = issuer == null ? pair.getPrivate() : issuer.self.key();
      List<X509Certificate> chain = new ArrayList<>();
      chain.add(
          new JcaX509CertificateConverter()
              .getCertificate(builder.build(new JcaContentSignerBuilder(algorithm).build(signer))));
      if (issuer != null && !isRoot(issuer.certificate())) {
        chain.addAll(issuer.self.chain());
      }
      return new Issued(pair.getPrivate(), List.copyOf(chain));
    }

    private static boolean isRoot(X509Certificate certificate) {
      return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }
  }
}
