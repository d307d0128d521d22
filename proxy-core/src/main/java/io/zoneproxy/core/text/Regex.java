package io.zoneproxy.core.text;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/**
 * A regular expression of RE2, as Envoy has them: a text fits when all of it does, and to find out
 * takes time that is linear in the text, whatever text a client chooses. Any thread.
 */
public final class Regex {
  /**
   * Kuma's bootstrap has Envoy take every size and warn above 1000. What the control plane has
   * other proxies take must not fail here, so this is ten times that: an expression at the bound
   * compiles in some 10 ms and 1 MB.
   */
  private static final int MOST_STEPS = 10_000;

  /** Above it Kuma's bootstrap has Envoy warn. */
  private static final int MANY_STEPS = 1_000;

  /** The compiler calls itself for each parenthesis; 200 still fit into a stack of 256 KiB. */
  private static final int DEEPEST = 100;

  private final Pattern pattern;
  private final long steps;

  private Regex(Pattern pattern, long steps) {
    this.pattern = pattern;
    this.steps = steps;
  }

  /**
   * Compiles an expression.
   *
   * @throws IllegalArgumentException when it is none of RE2's, or too large; the message says what
   *     was expected, without the expression
   */
  public static Regex of(String expression) {
    RegexSize size = RegexSize.of(expression, MOST_STEPS);
    if (size.steps() > MOST_STEPS) {
      throw new IllegalArgumentException(
          "a regular expression of at most " + MOST_STEPS + " steps, repeats counted");
    }
    if (size.depth() > DEEPEST) {
      throw new IllegalArgumentException(
          "a regular expression with at most " + DEEPEST + " parentheses inside each other");
    }
    try {
      return new Regex(Pattern.compile(expression), size.steps());
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "a regular expression of RE2; " + e.getDescription() + ": " + e.getPattern(), e);
    }
  }

  /** Whether the whole text fits. */
  public boolean matches(String text) {
    return pattern.matches(text);
  }

  /** Whether it is so large that each test of a text is slow. */
  public boolean isLarge() {
    return steps > MANY_STEPS;
  }
}
