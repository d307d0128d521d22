package io.zoneproxy.core.policy;

import io.zoneproxy.core.model.policy.HeaderMatch;
import io.zoneproxy.core.text.TextTest;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A compiled test of what a header says; without a value it need only be there. Immutable. */
public final class HeaderTest {
  private final HeaderMatch match;
  private final Predicate<String> value;

  private HeaderTest(HeaderMatch match) {
    this.match = match;
    this.value = match.value().map(TextTest::of).orElse(any -> true);
  }

  /** Finds what a request says under a name. */
  @FunctionalInterface
  public interface Headers {
    /**
     * The values of a header, joined by commas as Envoy does; null when it is not there. {@code
     * :method}, {@code :path} and {@code :authority} are headers, too.
     *
     * @param name lower case
     */
    @Nullable String get(String name);
  }

  /**
   * Compiles.
   *
   * @throws IllegalArgumentException for a regular expression that is none, or that is too large
   */
  public static HeaderTest of(HeaderMatch match) {
    return new HeaderTest(match);
  }

  /** Compiles several, of which all must fit. */
  public static List<HeaderTest> of(List<HeaderMatch> matches) {
    return matches.stream().map(HeaderTest::of).toList();
  }

  /** Whether a request fits. */
  public boolean fits(Headers headers) {
    String found = headers.get(match.name());
    return (found != null && value.test(found)) != match.invert();
  }

  /** Whether a request fits all of them. */
  public static boolean allFit(List<HeaderTest> tests, Headers headers) {
    for (HeaderTest test : tests) {
      if (!test.fits(headers)) {
        return false;
      }
    }
    return true;
  }
}
