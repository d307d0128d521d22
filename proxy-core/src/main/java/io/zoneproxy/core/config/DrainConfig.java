package io.zoneproxy.core.config;

import java.time.Duration;

/**
 * How the proxy ends.
 *
 * @param time from the first signal to the end at the latest, more than zero
 * @param acceptIdle how long no new connection must have come before the listeners close; zero
 *     closes them at once. At most 80 % of {@code time} is waited for it
 */
public record DrainConfig(Duration time, Duration acceptIdle) {
  /** 30 s is kuma-dp's drain time; 10 s is how long peers take to hear that we are not ready. */
  public static final DrainConfig DEFAULT =
      new DrainConfig(Duration.ofSeconds(30), Duration.ofSeconds(10));

  public DrainConfig {
    if (time.isNegative() || time.isZero()) {
      throw new IllegalArgumentException("drain time: " + time + " (expected: > 0s)");
    }
    if (acceptIdle.isNegative()) {
      throw new IllegalArgumentException("drain accept idle: " + acceptIdle + " (expected: >= 0s)");
    }
  }
}
