package io.zoneproxy.cp.bootstrap;

import java.time.Duration;

/**
 * How often the call for the bootstrap is made again.
 *
 * @param period between two calls; at least 1 ms
 * @param budget after which no further call is made; at least 1 ms, there is no "for ever"
 */
public record Retries(Duration period, Duration budget) {
  /** kuma-dp's. */
  public static final Retries DEFAULT = new Retries(Duration.ofSeconds(3), Duration.ofMinutes(5));

  public Retries {
    require("period", period);
    require("budget", budget);
  }

  private static void require(String name, Duration given) {
    if (given.toMillis() < 1) {
      throw new IllegalArgumentException(
          "retry %s of the bootstrap: %s (expected: >= 1ms)".formatted(name, given));
    }
  }
}
