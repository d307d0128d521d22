package io.zoneproxy.cp.translate.value;

import com.google.protobuf.Duration;
import com.google.protobuf.UInt32Value;
import java.util.Optional;

/** Durations and numbers. What is absent gets Envoy's default, given by the caller. */
public final class Numbers {
  private static final int MOST_PERCENT = 100;

  private Numbers() {}

  /** As it stands; one beyond what can be counted in nanoseconds is noted and zero. */
  public static java.time.Duration duration(Duration from, Problems problems) {
    java.time.Duration duration = java.time.Duration.ofSeconds(from.getSeconds(), from.getNanos());
    if (duration.isNegative() || from.getSeconds() > Integer.MAX_VALUE) {
      problems.add(duration, "0s to 2147483647s");
      return java.time.Duration.ZERO;
    }
    return duration;
  }

  /** Zero included. */
  public static Optional<java.time.Duration> optional(
      boolean present, Duration from, Problems problems) {
    return present ? Optional.of(duration(from, problems)) : Optional.empty();
  }

  /** At least a millisecond. */
  public static Optional<java.time.Duration> positive(
      boolean present, Duration from, Problems problems) {
    if (!present) {
      return Optional.empty();
    }
    java.time.Duration duration = duration(from, problems);
    if (duration.toMillis() < 1) {
      problems.add(duration, "1ms or more");
      return Optional.empty();
    }
    return Optional.of(duration);
  }

  /** The unsigned value of one that may be absent. */
  public static long unsigned(boolean present, UInt32Value from, long absent) {
    return present ? Integer.toUnsignedLong(from.getValue()) : absent;
  }

  /** One that an int can hold. */
  public static int count(boolean present, UInt32Value from, int absent, Problems problems) {
    return present ? count(from.getValue(), problems) : absent;
  }

  /** One that an int can hold. */
  public static int count(int unsigned, Problems problems) {
    if (unsigned < 0) {
      problems.add(Integer.toUnsignedString(unsigned), "0 to 2147483647");
      return 0;
    }
    return unsigned;
  }

  /** One from 0 to 100. */
  public static int percent(boolean present, UInt32Value from, int absent, Problems problems) {
    int percent = count(present, from, absent, problems);
    if (percent > MOST_PERCENT) {
      problems.add(percent, "0 to 100");
      return MOST_PERCENT;
    }
    return percent;
  }
}
