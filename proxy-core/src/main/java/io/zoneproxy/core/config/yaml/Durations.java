package io.zoneproxy.core.config.yaml;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads fields that hold a time, as Kuma writes it: {@code 10s}, {@code 1.5s}, {@code 1h30m},
 * {@code 30d}.
 */
public final class Durations {
  private static final Pattern PART = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ms|s|m|h|d|y)");
  private static final Pattern WHOLE = Pattern.compile("(\\d{1,9}(\\.\\d{1,9})?(ms|s|m|h|d|y))+");

  private static final Map<String, Duration> UNITS =
      Map.of(
          "ms", Duration.ofMillis(1),
          "s", Duration.ofSeconds(1),
          "m", Duration.ofMinutes(1),
          "h", Duration.ofHours(1),
          "d", Duration.ofDays(1),
          "y", Duration.ofDays(365)); // as Kuma counts

  private static final BigDecimal NANOS = BigDecimal.valueOf(1_000_000_000); // of a second

  /** A bit more than 68 years: what a control plane may send, and what fits in nanoseconds. */
  private static final Duration MOST = Duration.ofSeconds(Integer.MAX_VALUE);

  private static final Duration LEAST = Duration.ofMillis(1); // timers know nothing finer

  private Durations() {}

  /**
   * A time above zero, of a millisecond at least; empty when the field is absent, or wrong, which
   * is reported.
   */
  public static Optional<Duration> positive(Fields fields, String name) {
    Optional<Duration> time = read(fields, name, "a time above zero, 1ms or more, for example 30d");
    if (time.isPresent() && time.get().compareTo(LEAST) < 0) {
      fields.error(
          name,
          Shown.text(fields.text(name))
              + " (expected: a time above zero, 1ms or more, for example 30d)");
      return Optional.empty();
    }
    return time;
  }

  /** A time, which may be zero; empty when the field is absent, or wrong, which is reported. */
  public static Optional<Duration> orZero(Fields fields, String name) {
    return read(fields, name, "a time, for example 30s");
  }

  private static Optional<Duration> read(Fields fields, String name, String expected) {
    String text = fields.text(name);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (!WHOLE.matcher(text).matches()) {
      fields.error(name, Shown.text(text) + " (expected: " + expected + ")");
      return Optional.empty();
    }
    Duration sum = Duration.ZERO;
    Matcher part = PART.matcher(text);
    while (part.find()) {
      Duration unit = UNITS.getOrDefault(part.group(2), Duration.ZERO);
      BigDecimal nanos = new BigDecimal(part.group(1)).multiply(nanos(unit));
      BigDecimal[] seconds = nanos.divideAndRemainder(NANOS);
      sum = sum.plusSeconds(seconds[0].longValue()).plusNanos(seconds[1].longValue());
      if (sum.compareTo(MOST) > 0) {
        fields.error(name, Shown.text(text) + " (expected: at most 68y)");
        return Optional.empty();
      }
    }
    return Optional.of(sum);
  }

  private static BigDecimal nanos(Duration unit) {
    return BigDecimal.valueOf(unit.toNanos());
  }
}
