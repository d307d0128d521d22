package io.zoneproxy.egress.policy;

import io.zoneproxy.core.model.http.HttpFilter;
import io.zoneproxy.core.model.policy.MatchTree;
import io.zoneproxy.core.model.policy.Predicate;
import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.core.resource.policy.Settings;
import io.zoneproxy.core.resource.policy.Treatment.Match;
import io.zoneproxy.core.resource.policy.Treatment.Rule;
import io.zoneproxy.ingress.translate.ServerNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Rules for callers at a mesh's own egress. A chain has one server name, so what a rule says of it
 * is decided here; what it says of SPIFFE IDs is asked of each caller.
 */
final class CallerTreatment {
  private CallerTreatment() {}

  /**
   * A rule and the policy that has it.
   *
   * @param policy its name
   */
  record Named(String policy, Rule rule) {}

  /** Whether a rule is for some callers only. */
  static boolean isForSome(Rule rule) {
    return rule.matches().stream().anyMatch(match -> match.spiffeId().isPresent());
  }

  /** What holds for every caller of a chain: a rule that names it over one that names none. */
  static Settings everybody(List<Named> rules, String serverName) {
    return Settings.merged(layers(rules, serverName));
  }

  /**
   * What holds for every caller of a chain: that of rules that name nothing, then that of those
   * that name the chain; each is there when there is such a rule.
   */
  static List<Settings> layers(List<Named> rules, String serverName) {
    List<Settings> layers = new ArrayList<>();
    for (boolean named : new boolean[] {false, true}) {
      List<Settings> said =
          rules.stream()
              .map(Named::rule)
              .filter(rule -> rule.matches().isEmpty() != named)
              .filter(rule -> callers(rule, serverName).filter(List::isEmpty).isPresent())
              .map(Rule::settings)
              .toList();
      if (!said.isEmpty()) {
        layers.add(Settings.merged(said));
      }
    }
    return layers;
  }

  /** Every rule's, in their order. */
  static List<HttpFilter> faults(List<Named> rules, String serverName) {
    List<HttpFilter> faults = new ArrayList<>();
    for (Named each : rules) {
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

  private static HttpFilter only(Named rule, List<StringMatch> callers, HttpFilter fault) {
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
        rule.matches().stream()
            .filter(
                match ->
                    match
                        .serverName()
                        .map(ServerNames::lowerCase)
                        .orElse(serverName)
                        .equals(serverName))
            .toList();
    if (fitting.isEmpty()) {
      return rule.matches().isEmpty() ? Optional.of(List.of()) : Optional.empty();
    }
    if (fitting.stream().anyMatch(match -> match.spiffeId().isEmpty())) {
      return Optional.of(List.of());
    }
    return Optional.of(fitting.stream().flatMap(match -> match.spiffeId().stream()).toList());
  }
}
