package io.zoneproxy.ingress.policy;

import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.core.resource.policy.Settings;
import io.zoneproxy.core.resource.policy.Treatment.Match;
import io.zoneproxy.core.resource.policy.Treatment.Rule;
import io.zoneproxy.ingress.translate.ServerNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Rules of one kind as they are for one chain. A chain has one server name, so what a rule says of
 * it is decided here; what it says of SPIFFE IDs is left open.
 */
public final class ChainRules {
  private final List<Part> parts = new ArrayList<>();

  /**
   * Those of a chain.
   *
   * @param rules in their order: a later one counts more
   */
  public ChainRules(List<NamedRule> rules, String serverName) {
    for (NamedRule each : rules) {
      Rule rule = each.rule();
      if (rule.matches().isEmpty()) {
        parts.add(new Part(Optional.empty(), false, rule.settings()));
      }
      for (Match match : rule.matches()) {
        if (fits(match, serverName)) {
          parts.add(new Part(match.spiffeId(), match.serverName().isPresent(), rule.settings()));
        }
      }
    }
  }

  /**
   * One condition of a rule that holds for the chain.
   *
   * @param caller exact or a prefix; empty = everybody
   * @param named whether it names the chain
   */
  public record Part(Optional<StringMatch> caller, boolean named, Settings settings) {}

  /** Whether a condition holds for some caller of a chain. */
  public static boolean fits(Match match, String serverName) {
    return match.serverName().map(ServerNames::lowerCase).orElse(serverName).equals(serverName);
  }

  /** Whether a rule is for some callers only. */
  public static boolean isForSome(Rule rule) {
    return !rule.matches().isEmpty()
        && rule.matches().stream().allMatch(match -> match.spiffeId().isPresent());
  }

  /**
   * What holds for every caller: that of rules that name nothing, then that of those that name the
   * chain; each is there when there is such a rule.
   */
  public List<Settings> layers() {
    List<Settings> layers = new ArrayList<>();
    for (boolean named : new boolean[] {false, true}) {
      List<Settings> said =
          parts.stream()
              .filter(part -> part.caller().isEmpty() && part.named() == named)
              .map(Part::settings)
              .toList();
      if (!said.isEmpty()) {
        layers.add(Settings.merged(said));
      }
    }
    return layers;
  }

  /** The same in one: a rule that names the chain over one that names none. */
  public Settings everybody() {
    return Settings.merged(layers());
  }

  /** What is for some callers only, in their order. */
  public List<Part> some() {
    return parts.stream().filter(part -> part.caller().isPresent()).toList();
  }
}
