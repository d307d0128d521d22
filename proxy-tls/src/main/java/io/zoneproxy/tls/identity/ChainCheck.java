package io.zoneproxy.tls.identity;

import java.io.IOException;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.Extension;

/**
 * Whether a peer's certificate comes from one of some authorities: PKIX without revocation, which
 * would ask the network. Thread-safe.
 */
final class ChainCheck {
  /** A leaf and all that is ever between it and a root; more is somebody's attempt to cost us. */
  private static final int MAX_PRESENTED = 10;

  /** Authorities that are named in a message. */
  private static final int MOST_NAMED = 3;

  private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1"; // RFC 5280 §4.2.1.12
  private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
  private static final String ANY_USAGE = "2.5.29.37.0";
  private static final int DIGITAL_SIGNATURE = 0; // bits of KeyUsage, RFC 5280 §4.2.1.3
  private static final int KEY_ENCIPHERMENT = 2;
  private static final int KEY_AGREEMENT = 4;
  private static final int CERTIFICATE_SIGN = 5;

  private final Set<TrustAnchor> anchors;
  private final String authorities;
  private final boolean servers;

  /**
   * Trusts these, for clients.
   *
   * @param authorities at least one
   */
  ChainCheck(List<X509Certificate> authorities) {
    this(
        authorities.stream()
            .map(each -> new TrustAnchor(each, null))
            .collect(Collectors.toUnmodifiableSet()),
        named(authorities),
        false);
  }

  private ChainCheck(Set<TrustAnchor> anchors, String authorities, boolean servers) {
    this.anchors = anchors;
    this.authorities = authorities;
    this.servers = servers;
  }

  /** Of a system's 140 no name helps. */
  private static String named(List<X509Certificate> authorities) {
    List<String> names =
        authorities.stream()
            .map(each -> '"' + each.getSubjectX500Principal().getName() + '"')
            .distinct()
            .toList();
    return names.size() <= MOST_NAMED
        ? String.join("; ", names)
        : "one of the " + names.size() + " trusted authorities";
  }

  /** The same for servers. */
  ChainCheck ofServers() {
    return new ChainCheck(anchors, authorities, true);
  }

  /**
   * Checks a chain.
   *
   * @param presented the leaf first, the others in any order
   * @param at when they have to be valid
   * @return the first end of the certificates that it was found good by, or that were presented
   */
  Instant verify(X509Certificate[] presented, Instant at) throws PeerRefusedException {
    X509Certificate leaf = presented[0];
    if (presented.length > MAX_PRESENTED) {
      throw new PeerRefusedException(
          presented.length + " certificates (expected: at most " + MAX_PRESENTED + ")");
    }
    verifyTime(leaf, at);
    verifyUsage(leaf);
    try {
      PKIXCertPathBuilderResult path = build(presented, at);
      List<X509Certificate> all = new ArrayList<>();
      path.getCertPath().getCertificates().forEach(each -> all.add((X509Certificate) each));
      verifySignatures(all);
      verifyWithRoot(all, path.getTrustAnchor(), at); // adds the root
      return Stream.concat(all.stream(), Stream.of(presented))
          .map(each -> each.getNotAfter().toInstant())
          .min(Instant::compareTo)
          .orElseThrow();
    } catch (CertPathBuilderException | CertPathValidatorException e) {
      throw new PeerRefusedException(untrusted(presented, deepest(e)), e);
    } catch (GeneralSecurityException e) {
      throw new PeerRefusedException("certificate cannot be checked: " + e.getMessage(), e);
    }
  }

  private String untrusted(X509Certificate[] presented, Throwable cause) {
    for (X509Certificate each : presented) {
      if (isOfNamesake(each)) {
        return "certificate of issuer \"%s\" is signed with another key than that of the trusted authority of this name (expected: one that it has signed; if the authority was made anew, its new certificate must be trusted)"
            .formatted(each.getIssuerX500Principal().getName());
      }
    }
    return "certificate of issuer \"%s\" does not come from %s%s: %s"
        .formatted(
            presented[0].getIssuerX500Principal().getName(),
            authorities,
            servers
                ? " (expected: one that does, or its CA in caCert of the external service)"
                : "",
            cause.getMessage());
  }

  /** Whether some authority has its issuer's name, and none of that name has signed it. */
  private boolean isOfNamesake(X509Certificate certificate) {
    List<X509Certificate> named =
        anchors.stream()
            .map(TrustAnchor::getTrustedCert)
            .filter(
                each -> each.getSubjectX500Principal().equals(certificate.getIssuerX500Principal()))
            .toList();
    return !named.isEmpty() && named.stream().noneMatch(each -> isSigned(certificate, each));
  }

  private static boolean isSigned(X509Certificate certificate, X509Certificate by) {
    try {
      certificate.verify(by.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static void verifyTime(X509Certificate leaf, Instant at) throws PeerRefusedException {
    try {
      leaf.checkValidity(Date.from(at));
    } catch (CertificateExpiredException e) {
      throw new PeerRefusedException(
          "certificate has expired at " + leaf.getNotAfter().toInstant(), e);
    } catch (CertificateNotYetValidException e) {
      throw new PeerRefusedException(
          "certificate is valid from " + leaf.getNotBefore().toInstant() + " only", e);
    }
  }

  /** As OpenSSL does; an extension that is not there forbids nothing. */
  private void verifyUsage(X509Certificate leaf) throws PeerRefusedException {
    boolean[] usage = leaf.getKeyUsage();
    boolean forKeys = usage != null && servers && usage[KEY_ENCIPHERMENT]; // RSA without DHE
    if (usage != null && !usage[DIGITAL_SIGNATURE] && !usage[KEY_AGREEMENT] && !forKeys) {
      throw new PeerRefusedException("certificate's key usage has no digitalSignature");
    }
    List<String> extended;
    try {
      extended = leaf.getExtendedKeyUsage();
    } catch (CertificateParsingException e) {
      throw new PeerRefusedException("certificate's extended key usage is unreadable", e);
    }
    String wanted = servers ? SERVER_AUTH : CLIENT_AUTH;
    if (extended != null && !extended.contains(wanted) && !extended.contains(ANY_USAGE)) {
      throw new PeerRefusedException(
          "certificate's extended key usage is %s (expected: %s)"
              .formatted(extended, servers ? "serverAuth" : "clientAuth"));
    }
  }

  private PKIXCertPathBuilderResult build(X509Certificate[] presented, Instant at)
      throws GeneralSecurityException {
    X509CertSelector target = new X509CertSelector();
    target.setCertificate(presented[0]);
    PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, target);
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(at));
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
  private static void verifyWithRoot(List<X509Certificate> path, TrustAnchor anchor, Instant at)
      throws GeneralSecurityException {
    X509Certificate root = anchor.getTrustedCert();
    if (path.isEmpty() || path.contains(root)) {
      return; // it is what was shown
    }
    if (!isSelfIssued(root)) {
      verifyIssuer(root, path, at); // only a self-issued one can stand behind itself
      path.add(root);
      return;
    }
    path.add(root);
    PKIXParameters parameters = new PKIXParameters(Set.of(anchor));
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(at));
    CertPathValidator.getInstance("PKIX")
        .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
  }

  private static boolean isSelfIssued(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
  }

  /**
   * Whether a trusted certificate that is no root may have issued what is below it: a workload's
   * own, put among the trusted ones, makes nobody an authority, and one for some names issues for
   * no others.
   */
  private static void verifyIssuer(X509Certificate issuer, List<X509Certificate> below, Instant at)
      throws CertPathValidatorException {
    boolean[] usage = issuer.getKeyUsage();
    long between = below.stream().skip(1).filter(each -> !isSelfIssued(each)).count();
    String why = "";
    if (issuer.getBasicConstraints() < 0 || (usage != null && !usage[CERTIFICATE_SIGN])) {
      why = "is no authority's";
    } else if (issuer.getBasicConstraints() < between) {
      why = "allows fewer certificates below it";
    } else if (at.isAfter(issuer.getNotAfter().toInstant())) {
      why = "has expired at " + issuer.getNotAfter().toInstant();
    } else if (at.isBefore(issuer.getNotBefore().toInstant())) {
      why = "is valid from " + issuer.getNotBefore().toInstant() + " only";
    } else if (!isWithinNames(issuer, below)) {
      why = "does not allow the names below it";
    }
    if (!why.isEmpty()) {
      throw new CertPathValidatorException(
          "trusted certificate \"%s\" %s"
              .formatted(issuer.getSubjectX500Principal().getName(), why));
    }
  }

  /** RFC 5280 §4.2.1.10, as the JDK looks at them; self-issued ones between are let pass there. */
  private static boolean isWithinNames(X509Certificate issuer, List<X509Certificate> below) {
    byte[] constraints = issuer.getExtensionValue(Extension.nameConstraints.getId());
    if (constraints == null) {
      return true;
    }
    X509CertSelector within = new X509CertSelector();
    try {
      within.setNameConstraints(ASN1OctetString.getInstance(constraints).getOctets());
      X509Certificate leaf = below.get(0);
      return below.stream()
          .filter(each -> each.equals(leaf) || !isSelfIssued(each))
          .allMatch(within::match);
    } catch (IOException | RuntimeException e) {
      // What cannot be read allows nobody; nor what the JDK cannot compare, and throws for: a URI
      // without a DNS name as its host, a trust domain with '_' for one.
      return false;
    }
  }

  private static Throwable deepest(Throwable thrown) {
    Throwable deepest = thrown;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return deepest;
  }
}
