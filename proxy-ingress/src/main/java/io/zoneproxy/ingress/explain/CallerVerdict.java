package io.zoneproxy.ingress.explain;

import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.NetworkFilter;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.http.HttpFilter;
import io.zoneproxy.core.model.policy.RbacSpec;
import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.core.model.tls.SanMatch;
import io.zoneproxy.core.model.tls.SecretSpec;
import io.zoneproxy.core.model.tls.SpiffeId;
import io.zoneproxy.core.model.tls.Validation;
import io.zoneproxy.core.model.tls.ValidationSpec;
import io.zoneproxy.core.observe.RbacStats;
import io.zoneproxy.core.policy.Rbac;
import io.zoneproxy.core.policy.Subject;
import io.zoneproxy.core.text.TextTest;
import io.zoneproxy.ingress.translate.ServerNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a chain says to a caller. Decided as for a connection; what asks for headers of a request,
 * or for the caller's address, counts as not met.
 *
 * @param allowed whether the caller may pass
 * @param policy the one that decided; "" when none fits
 * @param why in words
 */
record CallerVerdict(boolean allowed, String policy, String why) {
  /**
   * Asks the chain's permissions, in their order, until one refuses.
   *
   * @param uris of the caller's certificate
   */
  static CallerVerdict of(
      ListenerSpec listener, ChainSpec chain, ProxySnapshot snapshot, List<String> uris) {
    if (chain.tls().isEmpty()) {
      return new CallerVerdict(
          true, "", "is not asked who it is: TLS does not end here, the destination asks");
    }
    Set<String> domains = trustDomains(chain, snapshot);
    if (!domains.isEmpty() && uris.stream().noneMatch(uri -> isOf(domains, uri))) {
      return new CallerVerdict(
          false,
          "",
          "fails the handshake: its trust domain is not believed there (expected: a SPIFFE ID of %s)"
              .formatted(String.join(", ", domains)));
    }
    Optional<StringMatch> name = misfit(chain, snapshot, uris);
    if (name.isPresent()) {
      return new CallerVerdict(
          false,
          "",
          "fails the handshake: none of its names is expected there (expected: %s %s)"
              .formatted(name.get().kind().name().toLowerCase(Locale.ROOT), name.get().value()));
    }
    int port = listener.address() instanceof HostPort at ? at.port() : 0;
    Subject caller =
        new Subject(
            null,
            ServerNames.lowerCase(chain.serverName()),
            port,
            new Subject.Identity(uris, List.of(), ""));
    CallerVerdict verdict = new CallerVerdict(true, "", "may pass: there are no permissions");
    for (RbacSpec spec : permissions(chain)) {
      verdict = decide(spec, caller);
      if (!verdict.allowed) {
        return verdict;
      }
    }
    return verdict;
  }

  private static CallerVerdict decide(RbacSpec spec, Subject caller) {
    Rbac.Decision decision;
    try {
      decision = Rbac.of(spec).decide(caller, new RbacStats()); // counted nowhere
    } catch (IllegalArgumentException e) { // the chain refuses everybody, and its reason says why
      return new CallerVerdict(false, "", "may not pass: " + e.getMessage());
    }
    String by = decision.policy().isEmpty() ? "" : ", because of " + decision.policy();
    if (decision.allowed()) {
      return new CallerVerdict(
          true, decision.policy(), "may pass" + (by.isEmpty() ? ": nothing denies it" : by));
    }
    return new CallerVerdict(
        false, decision.policy(), "may not pass" + (by.isEmpty() ? ": nothing allows it" : by));
  }

  private static List<RbacSpec> permissions(ChainSpec chain) {
    List<RbacSpec> all = new ArrayList<>();
    for (NetworkFilter filter : chain.filters()) {
      if (filter instanceof NetworkFilter.Rbac rbac) {
        all.add(rbac.spec());
      }
    }
    if (chain.terminal() instanceof Terminal.HttpProxy proxy) {
      for (HttpFilter filter : proxy.http().filters()) {
        // A condition is a request's: of a caller alone, the filter counts.
        HttpFilter inner =
            filter instanceof HttpFilter.Conditional conditional ? conditional.filter() : filter;
        if (inner instanceof HttpFilter.Rbac rbac) {
          all.add(rbac.spec());
        }
      }
    }
    return all;
  }

  /** Those of whose authorities a certificate must be; none where the authority alone decides. */
  private static Set<String> trustDomains(ChainSpec chain, ProxySnapshot snapshot) {
    Set<String> domains = new TreeSet<>();
    chain.tls().flatMap(tls -> tls.clients()).stream()
        .flatMap(clients -> trusted(clients, snapshot))
        .forEach(each -> domains.addAll(each.trustDomains().keySet()));
    return domains;
  }

  private static boolean isOf(Set<String> domains, String uri) {
    return SpiffeId.trustDomain(uri).filter(domains::contains).isPresent();
  }

  /** One of the names of which a certificate must have any, when it has none. */
  private static Optional<StringMatch> misfit(
      ChainSpec chain, ProxySnapshot snapshot, List<String> uris) {
    List<StringMatch> wanted =
        chain.tls().flatMap(tls -> tls.clients()).stream()
            .flatMap(clients -> names(clients, snapshot))
            .filter(name -> name.type() == SanMatch.Type.URI)
            .map(SanMatch::value)
            .toList();
    boolean fits = wanted.stream().anyMatch(name -> uris.stream().anyMatch(TextTest.of(name)));
    return fits ? Optional.empty() : wanted.stream().findFirst();
  }

  private static Stream<SanMatch> names(Validation clients, ProxySnapshot snapshot) {
    return trusted(clients, snapshot).flatMap(each -> each.names().stream());
  }

  private static Stream<ValidationSpec> trusted(Validation clients, ProxySnapshot snapshot) {
    Stream<ValidationSpec> sent =
        clients.secret().stream()
            .flatMap(name -> Stream.ofNullable(snapshot.secrets().get(name)))
            .filter(SecretSpec.Trust.class::isInstance)
            .map(secret -> ((SecretSpec.Trust) secret).validation());
    return Stream.concat(Stream.of(clients.fixed()), sent);
  }
}
