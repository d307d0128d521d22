package io.zoneproxy.egress.policy;

import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.core.model.policy.StringMatch.Kind;
import io.zoneproxy.core.resource.policy.Settings;
import io.zoneproxy.ingress.policy.ChainRules.Part;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Callers by their SPIFFE ID, in the order that kuma-cp gives them: whole IDs, then prefixes; among
 * these first the rules that name the chain, then longer prefixes.
 *
 * @param who the first that fits a caller counts
 * @param settings of all rules that are for all of them, the more specific ones over the others
 */
record SomeCallers(StringMatch who, Settings settings) {
  private static final Comparator<Part> MOST_SPECIFIC_FIRST =
      Comparator.<Part>comparingInt(part -> who(part).kind() == Kind.EXACT ? 0 : 1)
          .thenComparingInt(part -> part.named() ? 0 : 1)
          .thenComparingInt(part -> who(part).kind() == Kind.EXACT ? 0 : -length(part));

  /**
   * Those whom rules name.
   *
   * @param base what is said of everybody
   * @param parts of rules for some; those that say nothing of the kind are not among them
   */
  static List<SomeCallers> of(Settings base, List<Part> parts) {
    List<SomeCallers> all = new ArrayList<>();
    for (Part part : parts.stream().sorted(MOST_SPECIFIC_FIRST).toList()) {
      StringMatch who = who(part);
      if (all.stream().noneMatch(before -> covers(before.who(), who))) { // else nobody gets there
        Stream<Settings> said =
            parts.stream()
                .filter(other -> covers(who(other), who) && (part.named() || !other.named()))
                .sorted(MOST_SPECIFIC_FIRST.reversed())
                .map(Part::settings);
        all.add(
            new SomeCallers(who, Settings.merged(Stream.concat(Stream.of(base), said).toList())));
      }
    }
    return all;
  }

  /** Whether somebody may be one of them and one of others. */
  boolean overlaps(StringMatch others) {
    return covers(who, others) || covers(others, who);
  }

  /** Whether whoever is meant by one is meant by another. */
  private static boolean covers(StringMatch wide, StringMatch narrow) {
    return wide.kind() == Kind.EXACT
        ? wide.equals(narrow)
        : narrow.value().startsWith(wide.value());
  }

  private static StringMatch who(Part part) {
    return part.caller().orElseThrow(); // a part for everybody is none of these
  }

  private static int length(Part part) {
    return who(part).value().length();
  }
}
