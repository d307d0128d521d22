package io.zoneproxy.ingress.flags;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with flags, so that one run tells of all of it. One thread. */
public final class Mistakes {
  private final List<String> lines = new ArrayList<>();

  /** A whole number in a range, both ends included. */
  public void number(String flag, int value, int least, int most) {
    if (value < least || value > most) {
      lines.add("%s=%d (expected: %d to %d)".formatted(flag, value, least, most));
    }
  }

  /** A duration that is not too short; too long ones are refused when they are read. */
  public void duration(String flag, Duration value, Duration least) {
    if (value.compareTo(least) < 0) {
      lines.add(
          "%s=%s (expected: at least %s)"
              .formatted(flag, DurationConverter.text(value), DurationConverter.text(least)));
    }
  }

  /** One of a few words. */
  public void word(String flag, String value, List<String> words) {
    if (!words.contains(value)) {
      lines.add("%s=%s (expected: %s)".formatted(flag, value, String.join(", ", words)));
    }
  }

  /** Whatever else is wrong. */
  public void add(String line) {
    lines.add(line);
  }

  /** Anything but nothing: an unset variable of a script often becomes an empty flag. */
  public void notEmpty(String flag, String value, String expected) {
    if (value.isEmpty()) {
      lines.add("%s= (expected: %s)".formatted(flag, expected));
    }
  }

  /**
   * Ends the collecting.
   *
   * @throws UsageException with a line for each mistake
   */
  public void refuse() {
    if (!lines.isEmpty()) {
      throw new UsageException(String.join("\n", lines));
    }
  }
}
