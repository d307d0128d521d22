package io.zoneproxy.core.config.yaml;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the word that somebody may have meant. */
public final class Nearest {
  /** Longer than any field or kind; what is longer is no slip of the hand. */
  private static final int MAX_CHARS = 64;

  /** Every third letter wrong is still a slip, more is another word; short words may have two. */
  private static final int LETTERS_PER_SLIP = 3;

  private static final int MIN_SLIPS = 2;

  private Nearest() {}

  /** The candidate with the fewest letters changed, case aside, if it is near enough. */
  public static Optional<String> of(String word, Collection<String> candidates) {
    if (word.length() > MAX_CHARS) {
      return Optional.empty();
    }
    int best = Math.max(MIN_SLIPS, word.length() / LETTERS_PER_SLIP) + 1;
    Optional<String> nearest = Optional.empty();
    for (String candidate : candidates) {
      int distance = distance(lower(word), lower(candidate));
      if (distance < best) {
        best = distance;
        nearest = Optional.of(candidate);
      }
    }
    return nearest;
  }

  /** {@code ; did you mean X?}, or nothing. */
  public static String hint(String word, Collection<String> candidates) {
    return of(word, candidates).map(near -> "; did you mean " + near + "?").orElse("");
  }

  private static String lower(String word) {
    return word.toLowerCase(Locale.ROOT);
  }

  /** Levenshtein's distance, row by row. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
