package io.zoneproxy.egress.policy;

import io.zoneproxy.core.model.http.HttpFilter;
import io.zoneproxy.core.model.policy.MatchTree;
import io.zoneproxy.core.model.policy.Predicate;
import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.core.resource.policy.Treatment.Match;
import io.zoneproxy.core.resource.policy.Treatment.Rule;
import io.zoneproxy.ingress.policy.ChainRules;
import io.zoneproxy.ingress.policy.NamedRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Faults for callers at a mesh's own egress, by rules. A chain has one server name, so what a rule
 * says of it is decided here; what it says of SPIFFE IDs is asked of each caller.
 */
final class CallerTreatment {
  private CallerTreatment() {}

  /** Every rule's, in their order. */
  static List<HttpFilter> faults(List<NamedRule> rules, String serverName) {
    List<HttpFilter> faults = new ArrayList<>();
    for (NamedRule each : rules) {
      callers(each.rule(), serverName)
          .ifPresent(
              callers ->
                  each.rule().settings().parts("http").stream()
                      .map(Faults::ofAll)
                      .map(fault -> callers.isEmpty() ? fault : only(each, callers, fault))
                      .forEach(faults::add));
    }
    return faults;
  }

  private static HttpFilter only(NamedRule rule, List<StringMatch> callers, HttpFilter fault) {
    List<Predicate> any = new ArrayList<>();
    callers.forEach(each -> any.add(new Predicate.Single(Predicate.Input.URI_SAN, each)));
    Predicate others = new Predicate.Not(any.size() == 1 ? any.get(0) : new Predicate.Or(any));
    return new HttpFilter.Conditional(
        rule.policy(),
        fault,
        new MatchTree<>(List.of(new MatchTree.Branch<>(others, true)), Optional.empty()));
  }

  /** For whom a rule is on a chain: empty = nobody, an empty list = everybody. */
  private static Optional<List<StringMatch>> callers(Rule rule, String serverName) {
    List<Match> fitting =
        rule.matches().stream().filter(match -> ChainRules.fits(match, serverName)).toList();
    if (fitting.isEmpty()) {
      return rule.matches().isEmpty() ? Optional.of(List.of()) : Optional.empty();
    }
    if (fitting.stream().anyMatch(match -> match.spiffeId().isEmpty())) {
      return Optional.of(List.of());
    }
    return Optional.of(fitting.stream().flatMap(match -> match.spiffeId().stream()).toList());
  }
}
