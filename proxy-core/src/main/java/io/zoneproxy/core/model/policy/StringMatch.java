package io.zoneproxy.core.model.policy;

/**
 * A test of a text, as Envoy's {@code StringMatcher}.
 *
 * @param kind how
 * @param value what with; a regular expression is RE2's
 * @param ignoreCase compares without regard to ASCII case; not for {@link Kind#REGEX}
 */
public record StringMatch(Kind kind, String value, boolean ignoreCase) {
  /** The ways to compare. */
  public enum Kind {
    /** The whole text. */
    EXACT,
    /** Its begin. */
    PREFIX,
    /** Its end. */
    SUFFIX,
    /** Some part of it. */
    CONTAINS,
    /** The whole text against a regular expression of RE2. */
    REGEX
  }

  /** The whole text, with regard to case. */
  public static StringMatch exact(String value) {
    return new StringMatch(Kind.EXACT, value, false);
  }

  /** The begin of the text, with regard to case. */
  public static StringMatch prefix(String value) {
    return new StringMatch(Kind.PREFIX, value, false);
  }
}
