package io.zoneproxy.tls.identity;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertStore;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether a peer's certificate comes from one of some authorities: PKIX without revocation, which
 * would ask the network. Thread-safe.
 */
final class ChainCheck {
  /** A leaf and all that is ever between it and a root; more is somebody's attempt to cost us. */
  private static final int MAX_PRESENTED = 10;

  private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2"; // RFC 5280 §4.2.1.12
  private static final String ANY_USAGE = "2.5.29.37.0";
  private static final int DIGITAL_SIGNATURE = 0; // bits of KeyUsage, RFC 5280 §4.2.1.3
  private static final int KEY_AGREEMENT = 4;

  private final Set<TrustAnchor> anchors;
  private final String authorities;

  /**
   * Trusts these.
   *
   * @param authorities at least one
   */
  ChainCheck(List<X509Certificate> authorities) {
    this.anchors =
        authorities.stream()
            .map(each -> new TrustAnchor(each, null))
            .collect(Collectors.toUnmodifiableSet());
    this.authorities =
        authorities.stream()
            .map(each -> each.getSubjectX500Principal().getName())
            .distinct()
            .limit(MAX_PRESENTED)
            .collect(Collectors.joining("; "));
  }

  /**
   * Checks a chain.
   *
   * @param presented the leaf first, the others in any order
   */
  void verify(X509Certificate[] presented) throws PeerRefusedException {
    X509Certificate leaf = presented[0];
    if (presented.length > MAX_PRESENTED) {
      throw new PeerRefusedException(
          presented.length + " certificates (expected: at most " + MAX_PRESENTED + ")");
    }
    verifyTime(leaf);
    verifyUsage(leaf);
    try {
      PKIXCertPathBuilderResult path = build(presented);
      List<X509Certificate> all = new ArrayList<>();
      path.getCertPath().getCertificates().forEach(each -> all.add((X509Certificate) each));
      verifySignatures(all);
      verifyWithRoot(all, path.getTrustAnchor());
    } catch (CertPathBuilderException | CertPathValidatorException e) {
      throw new PeerRefusedException(
          "certificate of issuer \"%s\" does not come from \"%s\": %s"
              .formatted(
                  leaf.getIssuerX500Principal().getName(), authorities, deepest(e).getMessage()),
          e);
    } catch (GeneralSecurityException e) {
      throw new PeerRefusedException("certificate cannot be checked: " + e.getMessage(), e);
    }
  }

  private static void verifyTime(X509Certificate leaf) throws PeerRefusedException {
    try {
      leaf.checkValidity();
    } catch (CertificateExpiredException e) {
      throw new PeerRefusedException(
          "certificate has expired at " + leaf.getNotAfter().toInstant());
    } catch (CertificateNotYetValidException e) {
      throw new PeerRefusedException(
          "certificate is valid from " + leaf.getNotBefore().toInstant() + " only");
    }
  }

  /** As OpenSSL does for a TLS client; an extension that is not there forbids nothing. */
  private static void verifyUsage(X509Certificate leaf) throws PeerRefusedException {
    boolean[] usage = leaf.getKeyUsage();
    if (usage != null && !usage[DIGITAL_SIGNATURE] && !usage[KEY_AGREEMENT]) {
      throw new PeerRefusedException("certificate's key usage has no digitalSignature");
    }
    List<String> extended;
    try {
      extended = leaf.getExtendedKeyUsage();
    } catch (CertificateParsingException e) {
      throw new PeerRefusedException("certificate's extended key usage is unreadable", e);
    }
    if (extended != null && !extended.contains(CLIENT_AUTH) && !extended.contains(ANY_USAGE)) {
      throw new PeerRefusedException(
          "certificate's extended key usage is " + extended + " (expected: clientAuth)");
    }
  }

  private PKIXCertPathBuilderResult build(X509Certificate[] presented)
      throws GeneralSecurityException {
    X509CertSelector target = new X509CertSelector();
    target.setCertificate(presented[0]);
    PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, target);
    parameters.setRevocationEnabled(false);
    parameters.addCertStore(
        CertStore.getInstance(
            "Collection", new CollectionCertStoreParameters(Arrays.asList(presented))));
    return (PKIXCertPathBuilderResult) CertPathBuilder.getInstance("PKIX").build(parameters);
  }

  /** The JDK allows SHA-1 where it is not a web server's; nobody has made such ones for years. */
  private static void verifySignatures(List<X509Certificate> path) throws PeerRefusedException {
    for (X509Certificate each : path) {
      String algorithm = each.getSigAlgName().toUpperCase(Locale.ROOT);
      if (algorithm.startsWith("SHA1") || algorithm.startsWith("MD")) {
        throw new PeerRefusedException(
            "certificate \"%s\" is signed with %s (expected: SHA-256 or better)"
                .formatted(each.getSubjectX500Principal().getName(), each.getSigAlgName()));
      }
    }
  }

  /**
   * To the JDK an anchor is a name and a key. Behind the chain as a certificate like the others its
   * own limits count, too: time, path length, names.
   */
  private static void verifyWithRoot(List<X509Certificate> path, TrustAnchor anchor)
      throws GeneralSecurityException {
    X509Certificate root = anchor.getTrustedCert();
    if (!root.getSubjectX500Principal().equals(root.getIssuerX500Principal())
        || path.contains(root)) {
      return; // an intermediate is trusted: only a self-issued one can stand behind itself
    }
    path.add(root);
    PKIXParameters parameters = new PKIXParameters(Set.of(anchor));
    parameters.setRevocationEnabled(false);
    CertPathValidator.getInstance("PKIX")
        .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
  }

  private static Throwable deepest(Throwable thrown) {
    Throwable deepest = thrown;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return deepest;
  }
}
