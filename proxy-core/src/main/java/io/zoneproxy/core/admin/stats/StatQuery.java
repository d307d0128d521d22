package io.zoneproxy.core.admin.stats;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Which statistics are asked for. For one page and one thread: what the filter costs is counted,
 * and ends the page when it is too much, because the page is written on an event loop.
 */
public final class StatQuery {
  /** The longest filter: deep nesting would use up the stack already when it is compiled. */
  private static final int MOST_CHARS = 256;

  /**
   * Characters that a filter may look at for each name: a filter without nested repetitions needs
   * some hundred, one that would never end soon needs them all.
   */
  private static final int STEPS_PER_NAME = 20_000;

  private final boolean usedOnly;
  private final @Nullable Pattern filter;
  private final boolean inverted;

  private StatQuery(boolean usedOnly, @Nullable Pattern filter, boolean inverted) {
    this.usedOnly = usedOnly;
    this.filter = filter;
    this.inverted = inverted;
  }

  /**
   * All names.
   *
   * @param usedOnly leaves out counters at zero and distributions without a value
   */
  public static StatQuery all(boolean usedOnly) {
    return new StatQuery(usedOnly, null, false);
  }

  /**
   * Names that a regular expression is found in.
   *
   * @param filter "" takes all names
   * @param inverted takes the names that it is not found in
   * @throws IllegalArgumentException with words for the caller
   */
  public static StatQuery of(boolean usedOnly, String filter, boolean inverted) {
    if (filter.isEmpty()) {
      return all(usedOnly);
    }
    if (filter.length() > MOST_CHARS) {
      throw new IllegalArgumentException(
          "filter: %d characters (expected: at most %d)".formatted(filter.length(), MOST_CHARS));
    }
    try {
      return new StatQuery(usedOnly, Pattern.compile(filter), inverted);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "filter: %s (expected: a regular expression; %s)".formatted(filter, e.getDescription()));
    }
  }

  /** Whether what was never counted is left out. */
  boolean usedOnly() {
    return usedOnly;
  }

  /**
   * Whether a statistic of this name is asked for.
   *
   * @throws IllegalArgumentException when the filter takes too long to say
   */
  boolean takes(String path, String stat) {
    Pattern pattern = filter;
    return pattern == null
        || pattern.matcher(new Counted(path + '.' + stat, pattern)).find() != inverted;
  }

  /** Text that says stop when it was looked at too often. */
  private static final class Counted implements CharSequence {
    private final String text;
    private final Pattern by;
    private int steps;

    Counted(String text, Pattern by) {
      this.text = text;
      this.by = by;
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      if (++steps > STEPS_PER_NAME) {
        throw new IllegalArgumentException(
            "filter: %s (expected: a regular expression without nested repetitions)".formatted(by));
      }
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.substring(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
