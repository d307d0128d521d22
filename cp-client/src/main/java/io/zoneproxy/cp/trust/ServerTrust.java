package io.zoneproxy.cp.trust;

import java.io.IOException;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trusts a server whose certificate is one of the bundle, byte for byte, or leads to a CA; and
 * which names the host. Certificates of the bundle are read by BouncyCastle, for the JDK reads none
 * whose issuer has no name. Any thread.
 */
final class ServerTrust extends X509ExtendedTrustManager {
  private static final Logger log = LoggerFactory.getLogger(ServerTrust.class);

  /** BouncyCastle's switch; on for this thread only, and only while it reads one certificate. */
  private static final String EMPTY_ISSUER = "org.bouncycastle.x509.allow_empty_issuer_cert";

  private final CaBundle bundle;
  private final X509TrustManager signers;
  private final HostName host;
  private final NameRule names;

  ServerTrust(CaBundle bundle, X509TrustManager signers, HostName host, NameRule names) {
    this.bundle = bundle;
    this.signers = signers;
    this.host = host;
    this.names = names;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    byte[] leaf = chain[0].getEncoded(); // BoringSSL's are not parsed before somebody asks
    X509CertificateHolder read = holder(leaf);
    if (bundle.contains(leaf)) {
      requireTime(read);
      requireServer(read);
      requireHost(read, NameRule.EXACT);
    } else {
      requireSigner(chain, type);
      requireHost(read, names);
    }
  }

  private static X509CertificateHolder holder(byte[] der) throws CertificateException {
    boolean before = Properties.setThreadOverride(EMPTY_ISSUER, true);
    try {
      return new X509CertificateHolder(der);
    } catch (IOException | RuntimeException e) {
      throw new CertificateException("the certificate is not readable: " + e.getMessage(), e);
    } finally {
      if (!before) {
        Properties.removeThreadOverride(EMPTY_ISSUER);
      }
    }
  }

  private static void requireTime(X509CertificateHolder certificate) throws CertificateException {
    Instant begin = certificate.getNotBefore().toInstant();
    Instant end = certificate.getNotAfter().toInstant();
    Instant now = Instant.now();
    if (now.isBefore(begin) || now.isAfter(end)) {
      throw new CertificateException(
          "the certificate is valid from %s to %s (expected: now in between)"
              .formatted(begin, end));
    }
  }

  private static void requireServer(X509CertificateHolder certificate) throws CertificateException {
    Extensions extensions = certificate.getExtensions();
    ExtendedKeyUsage usage =
        extensions == null ? null : ExtendedKeyUsage.fromExtensions(extensions);
    if (usage != null
        && !usage.hasKeyPurposeId(KeyPurposeId.id_kp_serverAuth)
        && !usage.hasKeyPurposeId(KeyPurposeId.anyExtendedKeyUsage)) {
      throw new CertificateException(
          "the certificate is not for servers (expected: serverAuth in its extended key usage)");
    }
  }

  private void requireHost(X509CertificateHolder certificate, NameRule rule)
      throws CertificateException {
    boolean is;
    try {
      is = host.isIn(certificate, rule);
    } catch (RuntimeException e) { // of the parser, for names that are none
      throw new CertificateException("the certificate's names are not readable", e);
    }
    if (!is) {
      throw new CertificateException(
          "the certificate is for %s (expected: %s among its subject alternative names)"
              .formatted(HostName.shown(certificate), host));
    }
  }

  private void requireSigner(X509Certificate[] chain, String type) throws CertificateException {
    List<X509Certificate> readable = new ArrayList<>();
    readable.add(leaf(chain[0].getEncoded()));
    for (int i = 1; i < chain.length; i++) {
      try {
        readable.add(CaBundle.parse(chain[i].getEncoded()));
      } catch (CertificateException e) {
        log.debug("certificate {} of the control plane's chain: {}", i, e.getMessage());
      }
    }
    try {
      signers.checkServerTrusted(readable.toArray(new X509Certificate[0]), type);
    } catch (CertificateException e) {
      throw new CertificateException(
          "the certificate has not been signed by a CA that is trusted here: "
              + e.getMessage()
              + " (if it is the right control plane, --ca-cert-file has to hold its CA, or exactly"
              + " its certificate when it is self-made; without a file the CAs of the system"
              + " count)",
          e);
    } catch (RuntimeException e) { // for a bundle with no CA in it
      throw new CertificateException("no CA is trusted here: " + e.getMessage(), e);
    }
  }

  private static X509Certificate leaf(byte[] der) throws CertificateException {
    try {
      return CaBundle.parse(der);
    } catch (CertificateException e) {
      throw new CertificateException(
          "the certificate is none of the CA bundle, and cannot be checked otherwise: "
              + e.getMessage()
              + " (expected: exactly it in --ca-cert-file, as kuma-cp has it in its work"
              + " directory)",
          e);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    checkServerTrusted(chain, type);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    checkServerTrusted(chain, type);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw new CertificateException("there are no clients here");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    checkClientTrusted(chain, type);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    checkClientTrusted(chain, type);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
