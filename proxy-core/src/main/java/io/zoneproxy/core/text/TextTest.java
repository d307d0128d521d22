package io.zoneproxy.core.text;

import io.zoneproxy.core.model.policy.StringMatch;
import java.util.function.Predicate;

/** Makes the tests of texts that a configuration asks for. The tests are for any thread. */
public final class TextTest {
  private TextTest() {}

  /**
   * Compiles a test.
   *
   * @throws IllegalArgumentException for a regular expression that is none, or that is too large;
   *     the message names it
   */
  public static Predicate<String> of(StringMatch match) {
    String value = match.value();
    boolean fold = match.ignoreCase();
    int length = value.length();
    return switch (match.kind()) {
      case EXACT -> text -> text.length() == length && sameAt(text, 0, value, fold);
      case PREFIX -> text -> sameAt(text, 0, value, fold);
      case SUFFIX -> text -> sameAt(text, text.length() - length, value, fold);
      case CONTAINS -> text -> contains(text, value, fold);
      case REGEX -> regex(value)::matches;
    };
  }

  private static Regex regex(String expression) {
    try {
      return Regex.of(expression);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "regular expression %s (expected: %s)".formatted(expression, e.getMessage()), e);
    }
  }

  private static boolean contains(String text, String value, boolean fold) {
    for (int at = 0; at + value.length() <= text.length(); at++) {
      if (sameAt(text, at, value, fold)) {
        return true;
      }
    }
    return false;
  }

  /** ASCII only: a locale must never decide who may pass. */
  private static boolean sameAt(String text, int at, String value, boolean fold) {
    if (at < 0 || at + value.length() > text.length()) {
      return false;
    }
    if (!fold) {
      return text.startsWith(value, at);
    }
    for (int i = 0; i < value.length(); i++) {
      if (lower(text.charAt(at + i)) != lower(value.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c;
  }
}
