package io.zoneproxy.cp.translate.policy;

import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.zoneproxy.core.model.policy.HeaderChange;
import io.zoneproxy.core.model.policy.HeaderMatch;
import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.core.model.policy.StringMatch.Kind;
import io.zoneproxy.cp.translate.value.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Tests and changes of headers. */
public final class Headers {
  private Headers() {}

  /** Tests, of a field of this name. */
  public static List<HeaderMatch> matches(
      List<HeaderMatcher> from, String field, Problems problems) {
    List<HeaderMatch> matches = new ArrayList<>(from.size());
    for (int i = 0; i < from.size(); i++) {
      match(from.get(i), problems.at(field, i)).ifPresent(matches::add);
    }
    return matches;
  }

  /** One test; empty when it is none that is known, which is noted. */
  @SuppressWarnings("deprecation") // kuma-cp still sends the forms from before string_match
  static Optional<HeaderMatch> match(HeaderMatcher from, Problems problems) {
    if (from.getName().isEmpty()) {
      problems.at("name").add("empty", "the name of a header");
      return Optional.empty();
    }
    if (from.getTreatMissingHeaderAsEmpty()) {
      problems.at("treat_missing_header_as_empty").add(true, "false");
    }
    return switch (from.getHeaderMatchSpecifierCase()) {
      case STRING_MATCH ->
          StringMatches.of(from.getStringMatch(), problems.at("string_match"))
              .map(value -> test(from, value));
      case SAFE_REGEX_MATCH ->
          StringMatches.regex(from.getSafeRegexMatch(), problems.at("safe_regex_match"))
              .map(value -> test(from, value));
      case EXACT_MATCH -> Optional.of(test(from, Kind.EXACT, from.getExactMatch()));
      case PREFIX_MATCH -> Optional.of(test(from, Kind.PREFIX, from.getPrefixMatch()));
      case SUFFIX_MATCH -> Optional.of(test(from, Kind.SUFFIX, from.getSuffixMatch()));
      case CONTAINS_MATCH -> Optional.of(test(from, Kind.CONTAINS, from.getContainsMatch()));
      case PRESENT_MATCH -> Optional.of(present(from, from.getPresentMatch()));
      case HEADERMATCHSPECIFIER_NOT_SET -> Optional.of(present(from, true));
      default -> {
        problems.add(from.getHeaderMatchSpecifierCase(), "string_match or present_match");
        yield Optional.empty();
      }
    };
  }

  private static HeaderMatch test(HeaderMatcher from, Kind kind, String value) {
    return test(from, new StringMatch(kind, value, false));
  }

  private static HeaderMatch test(HeaderMatcher from, StringMatch value) {
    return new HeaderMatch(lower(from.getName()), Optional.of(value), from.getInvertMatch());
  }

  private static HeaderMatch present(HeaderMatcher from, boolean there) {
    return new HeaderMatch(lower(from.getName()), Optional.empty(), from.getInvertMatch() == there);
  }

  /** Changes, of a field of this name. */
  public static List<HeaderChange> changes(
      List<HeaderValueOption> from, String field, Problems problems) {
    List<HeaderChange> changes = new ArrayList<>(from.size());
    for (int i = 0; i < from.size(); i++) {
      HeaderValueOption each = from.get(i);
      Problems at = problems.at(field, i);
      if (each.getHeader().getKey().isEmpty()) {
        at.at("header").at("key").add("empty", "the name of a header");
      }
      changes.add(
          new HeaderChange(
              each.getHeader().getKey(), each.getHeader().getValue(), append(each, at)));
    }
    return changes;
  }

  @SuppressWarnings("deprecation") // wins when it is there, as in Envoy
  private static boolean append(HeaderValueOption from, Problems problems) {
    if (from.hasAppend()) {
      return from.getAppend().getValue();
    }
    return switch (from.getAppendAction()) {
      case APPEND_IF_EXISTS_OR_ADD -> true;
      case OVERWRITE_IF_EXISTS_OR_ADD -> false;
      default -> {
        problems
            .at("append_action")
            .add(from.getAppendAction(), "APPEND_IF_EXISTS_OR_ADD or OVERWRITE_IF_EXISTS_OR_ADD");
        yield false;
      }
    };
  }

  /** Names of headers, in lower case. */
  public static List<String> names(List<String> from) {
    return from.stream().map(Headers::lower).toList();
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
