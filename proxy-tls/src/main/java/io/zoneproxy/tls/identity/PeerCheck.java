package io.zoneproxy.tls.identity;

import io.zoneproxy.core.model.tls.SanMatch;
import io.zoneproxy.core.model.tls.SpiffeId;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Judges clients by their certificates: by one set of authorities, or by SPIFFE trust domain.
 * Thread-safe.
 */
public final class PeerCheck {
  private static final int CERTIFICATE_SIGN = 5; // bits of KeyUsage, RFC 5280 §4.2.1.3
  private static final int CRL_SIGN = 6;

  private final List<X509Certificate> authorities;
  private final Optional<ChainCheck> usual;
  private final Map<String, ChainCheck> trustDomains; // instead of the usual one
  private final SanCheck names;
  private final Clock clock;
  private final GoodChains good; // by all of the above: another check has others

  private PeerCheck(
      List<X509Certificate> authorities,
      Optional<ChainCheck> usual,
      Map<String, ChainCheck> trustDomains,
      SanCheck names,
      Clock clock) {
    this.authorities = authorities;
    this.usual = usual;
    this.trustDomains = trustDomains;
    this.names = names;
    this.clock = clock;
    this.good = new GoodChains(clock);
  }

  /**
   * The usual validation.
   *
   * @param authorities at least one
   * @param names one of them must be in the certificate; none = any name
   */
  public static PeerCheck byAuthorities(List<X509Certificate> authorities, List<SanMatch> names) {
    return new PeerCheck(
        List.copyOf(authorities),
        Optional.of(new ChainCheck(authorities)),
        Map.of(),
        SanCheck.of(names),
        Clock.systemUTC());
  }

  /**
   * Validation of X.509-SVIDs: the trust domain of the certificate's only URI chooses the
   * authorities, and only matchers of URIs count.
   *
   * @param trustDomains authorities by trust domain, at least one each
   */
  public static PeerCheck byTrustDomain(
      Map<String, List<X509Certificate>> trustDomains, List<SanMatch> names) {
    return new PeerCheck(
        trustDomains.values().stream().flatMap(List::stream).distinct().toList(),
        Optional.empty(),
        trustDomains.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey, each -> new ChainCheck(each.getValue()))),
        SanCheck.of(names.stream().filter(name -> name.type() == SanMatch.Type.URI).toList()),
        Clock.systemUTC());
  }

  /** The same for servers: their certificates have another purpose. */
  public PeerCheck ofServers() {
    return new PeerCheck(
        authorities,
        usual.map(ChainCheck::ofServers),
        trustDomains.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey, each -> each.getValue().ofServers())),
        names,
        clock);
  }

  /** The same at another time; it has found no chain good yet. */
  PeerCheck at(Clock other) {
    return new PeerCheck(authorities, usual, trustDomains, names, other);
  }

  /** All that are trusted in any way; a server tells clients. */
  public List<X509Certificate> authorities() {
    return authorities;
  }

  /**
   * Judges a chain.
   *
   * @param presented the leaf first
   * @throws PeerRefusedException when it is not good enough; the message is for operators
   */
  public void verify(X509Certificate[] presented) throws PeerRefusedException {
    GoodChains.Unknown unknown = good.look(presented);
    if (unknown == null) {
      return;
    }
    PeerNames found = PeerNames.of(presented[0]);
    ChainCheck chain = usual.isPresent() ? usual.get() : ofTrustDomain(presented[0], found);
    Instant until = chain.verify(presented, unknown.at());
    names.verify(found);
    good.add(unknown, until);
  }

  private ChainCheck ofTrustDomain(X509Certificate leaf, PeerNames found)
      throws PeerRefusedException {
    boolean[] usage = leaf.getKeyUsage();
    if (leaf.getBasicConstraints() >= 0
        || (usage != null && (usage[CERTIFICATE_SIGN] || usage[CRL_SIGN]))) {
      throw new PeerRefusedException("certificate is an authority's (expected: a workload's)");
    }
    if (found.uris().size() != 1 || found.odd() > 0) {
      throw new PeerRefusedException(
          "certificate has %s (expected: one URI, a SPIFFE ID)".formatted(found.shown()));
    }
    String uri = found.uris().get(0);
    String domain =
        SpiffeId.trustDomain(uri)
            .orElseThrow(
                () ->
                    new PeerRefusedException(
                        "certificate has URI:" + uri + " (expected: a SPIFFE ID)"));
    ChainCheck chain = trustDomains.get(domain);
    if (chain == null) {
      throw new PeerRefusedException(
          "trust domain %s (expected: one of %s)".formatted(domain, trustDomains.keySet()));
    }
    return chain;
  }
}
