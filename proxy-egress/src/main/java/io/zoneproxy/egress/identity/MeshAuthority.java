package io.zoneproxy.egress.identity;

import io.zoneproxy.core.model.tls.KeyFit;
import io.zoneproxy.core.model.tls.PrivateKeyText;
import io.zoneproxy.tls.context.Pem;
import io.zoneproxy.tls.context.UnusableTlsException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The authority of a mesh: whom its members trust, and what signs their certificates. */
public final class MeshAuthority {
  /** As long as that of kuma-cp. */
  private static final Duration LIFETIME = Duration.ofDays(3650);

  private static final String SERVICE = "kuma.io/service";

  private final CertificateMaker.Made issuer;
  private final String certificates;

  private MeshAuthority(CertificateMaker.Made issuer, String certificates) {
    this.issuer = issuer;
    this.certificates = certificates;
  }

  /** A new one for a mesh. */
  static MeshAuthority create(String mesh) throws UnusableAuthorityException {
    try {
      CertificateMaker.Made root = CertificateMaker.root("zoneproxy CA of mesh " + mesh, LIFETIME);
      return new MeshAuthority(root, PemText.of(root.certificate()));
    } catch (GeneralSecurityException | IOException e) {
      throw new UnusableAuthorityException("cannot be made: " + e.getMessage(), e);
    }
  }

  /**
   * One that is there.
   *
   * @param certificates PEM; all are trusted, the first one issues
   * @param key PEM of the first one's key
   * @param what it is, for messages
   */
  static MeshAuthority of(String certificates, String key, String what)
      throws UnusableAuthorityException {
    try {
      X509Certificate first = Pem.certificates(certificates, what).get(0);
      PrivateKey own = Pem.key(key, what);
      if (first.getBasicConstraints() < 0) {
        throw new UnusableAuthorityException(
            what + ": the first certificate is no CA (expected: the one that issues, first)");
      }
      if (!KeyFit.fits(own, first)) {
        throw new UnusableAuthorityException(what + ": certificate and key do not fit");
      }
      return new MeshAuthority(new CertificateMaker.Made(own, first), certificates);
    } catch (UnusableTlsException e) {
      throw new UnusableAuthorityException(String.valueOf(e.getMessage()), e);
    }
  }

  /** PEM of those whom members of the mesh trust. */
  public String certificates() {
    return certificates;
  }

  /** PEM of the issuer's key. */
  String key() {
    return PemText.of(issuer.key());
  }

  /**
   * Issues the certificate of a data plane, in the form that Kuma's have: a SPIFFE URI for its
   * service, and a URI for each tag.
   *
   * @param tags without the service's
   * @param lifetime from now; never longer than the authority's
   */
  public Issued issue(String mesh, String service, Map<String, String> tags, Duration lifetime)
      throws UnusableAuthorityException {
    List<String> uris = new ArrayList<>(List.of("spiffe://" + mesh + "/" + service));
    Map<String, String> all = new TreeMap<>(tags);
    all.put(SERVICE, service);
    all.forEach((tag, value) -> uris.add("kuma://" + tag + "/" + value));
    return issue(uris, lifetime);
  }

  /**
   * Issues a certificate in the form of SPIFFE (an X.509-SVID): one URI.
   *
   * @param lifetime from now; never longer than the authority's
   */
  public Issued issue(String spiffeId, Duration lifetime) throws UnusableAuthorityException {
    return issue(List.of(spiffeId), lifetime);
  }

  private Issued issue(List<String> uris, Duration lifetime) throws UnusableAuthorityException {
    Instant now = Instant.now();
    Instant last = issuer.certificate().getNotAfter().toInstant();
    if (!last.isAfter(now)) {
      throw new UnusableAuthorityException("the CA has expired at " + last);
    }
    Instant until = now.plus(lifetime).isBefore(last) ? now.plus(lifetime) : last;
    try {
      CertificateMaker.Made made = CertificateMaker.leaf(issuer, uris, List.of(), until);
      return new Issued(
          PemText.of(made.certificate()) + above(),
          new PrivateKeyText(PemText.of(made.key())),
          now,
          until);
    } catch (GeneralSecurityException | IOException e) {
      throw new UnusableAuthorityException("cannot sign: " + e.getMessage(), e);
    }
  }

  /** Peers that trust only what is above an issuer need it; a root they have. */
  private String above() throws GeneralSecurityException {
    X509Certificate own = issuer.certificate();
    boolean root = own.getIssuerX500Principal().equals(own.getSubjectX500Principal());
    return root ? "" : PemText.of(own);
  }
}
