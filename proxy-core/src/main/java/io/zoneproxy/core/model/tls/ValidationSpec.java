package io.zoneproxy.core.model.tls;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whom a peer's certificate must come from, and what must be its name.
 *
 * @param ca authorities; empty with {@code trustDomains}, or when only names are given (a default
 *     that a secret completes)
 * @param names one of them must be in the certificate; none = any name
 * @param trustDomains by SPIFFE trust domain the PEM of its authorities; the domain of the peer's
 *     URI SAN chooses, and only that bundle counts; empty = the usual validation
 */
public record ValidationSpec(
    Optional<TrustedCa> ca, List<SanMatch> names, Map<String, String> trustDomains) {
  /** Says nothing. */
  public static final ValidationSpec EMPTY =
      new ValidationSpec(Optional.empty(), List.of(), Map.of());

  public ValidationSpec {
    names = List.copyOf(names);
    trustDomains = Map.copyOf(trustDomains);
  }
}
