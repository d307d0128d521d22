package io.zoneproxy.cp.translate.policy;

import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.core.model.policy.StringMatch.Kind;
import io.zoneproxy.core.text.Regex;
import io.zoneproxy.cp.translate.value.Problems;
import java.util.Optional;

/** Tests of texts, of Envoy and of xDS. */
public final class StringMatches {
  private static final String EXPECTED = "exact, prefix, suffix, contains or safe_regex";

  private StringMatches() {}

  /** Envoy's; empty when it is none that is known, which is noted. */
  public static Optional<StringMatch> of(StringMatcher from, Problems problems) {
    boolean lower = from.getIgnoreCase();
    return switch (from.getMatchPatternCase()) {
      case EXACT -> some(Kind.EXACT, from.getExact(), lower);
      case PREFIX -> some(Kind.PREFIX, from.getPrefix(), lower);
      case SUFFIX -> some(Kind.SUFFIX, from.getSuffix(), lower);
      case CONTAINS -> some(Kind.CONTAINS, from.getContains(), lower);
      case SAFE_REGEX -> regex(from.getSafeRegex(), problems.at("safe_regex"));
      default -> {
        problems.add(from.getMatchPatternCase(), EXPECTED);
        yield Optional.empty();
      }
    };
  }

  /** That of xDS; empty when it is none that is known, which is noted. */
  public static Optional<StringMatch> of(
      com.github.xds.type.matcher.v3.StringMatcher from, Problems problems) {
    boolean lower = from.getIgnoreCase();
    return switch (from.getMatchPatternCase()) {
      case EXACT -> some(Kind.EXACT, from.getExact(), lower);
      case PREFIX -> some(Kind.PREFIX, from.getPrefix(), lower);
      case SUFFIX -> some(Kind.SUFFIX, from.getSuffix(), lower);
      case CONTAINS -> some(Kind.CONTAINS, from.getContains(), lower);
      case SAFE_REGEX -> regex(from.getSafeRegex().getRegex(), problems.at("safe_regex"));
      default -> {
        problems.add(from.getMatchPatternCase(), EXPECTED);
        yield Optional.empty();
      }
    };
  }

  /** The whole text against an expression. */
  public static Optional<StringMatch> regex(RegexMatcher from, Problems problems) {
    return regex(from.getRegex(), problems);
  }

  private static Optional<StringMatch> regex(String expression, Problems problems) {
    if (expression.isEmpty()) {
      problems.at("regex").add("empty", "a regular expression");
      return Optional.empty();
    }
    try {
      if (Regex.of(expression).isLarge()) {
        problems.at("regex").note("large: each test of a text is slow");
      }
      return some(Kind.REGEX, expression, false);
    } catch (IllegalArgumentException e) {
      problems.at("regex").add(expression, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private static Optional<StringMatch> some(Kind kind, String value, boolean ignoreCase) {
    return Optional.of(new StringMatch(kind, value, ignoreCase));
  }
}
