package io.zoneproxy.ingress.flags;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Durations as Go writes them, so that kuma-dp's values carry over: {@code 1h30m}, {@code 500ms}.
 */
public final class DurationConverter implements ITypeConverter<Duration> {
  /** Ten years. Sums of a few of them stay far below the 292 years that a long of ns holds. */
  static final Duration MAX = Duration.ofDays(3650);

  private static final Pattern WHOLE = Pattern.compile("(\\d+(\\.\\d+)?(ns|us|µs|ms|s|m|h))+");
  private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(ns|us|µs|ms|s|m|h)");
  private static final Map<String, Long> NANOS =
      Map.of(
          "ns", 1L,
          "us", 1_000L,
          "µs", 1_000L,
          "ms", 1_000_000L,
          "s", 1_000_000_000L,
          "m", 60_000_000_000L,
          "h", 3_600_000_000_000L);

  @Override
  public Duration convert(String text) {
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    if (!WHOLE.matcher(text).matches()) {
      throw new TypeConversionException(
          "'" + text + "' is not a duration (expected: for example 30s, 500ms or 1h30m)");
    }
    BigDecimal nanos = BigDecimal.ZERO;
    Matcher parts = PART.matcher(text);
    while (parts.find()) {
      long unit = NANOS.getOrDefault(parts.group(2), 0L);
      nanos = nanos.add(new BigDecimal(parts.group(1)).multiply(BigDecimal.valueOf(unit)));
    }
    if (nanos.compareTo(BigDecimal.valueOf(MAX.toNanos())) > 0) {
      throw new TypeConversionException(
          "'" + text + "' is too long (expected: at most " + text(MAX) + ")");
    }
    return Duration.ofNanos(nanos.longValue());
  }

  /** Written so that {@link #convert} reads it, in its largest whole unit. */
  public static String text(Duration duration) {
    long nanos = duration.toNanos();
    for (String unit : new String[] {"h", "m", "s", "ms", "us"}) {
      long of = NANOS.getOrDefault(unit, 1L);
      if (nanos != 0 && nanos % of == 0) {
        return nanos / of + unit;
      }
    }
    return nanos == 0 ? "0s" : nanos + "ns";
  }
}
