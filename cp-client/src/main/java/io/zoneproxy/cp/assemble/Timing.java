package io.zoneproxy.cp.assemble;

import java.time.Duration;

/**
 * When a snapshot is published.
 *
 * @param quiet after the last change of clusters or listeners; zero publishes each response
 * @param warming longest wait for the endpoints of a cluster; afterwards it has none
 */
public record Timing(Duration quiet, Duration warming) {
  /**
   * The types of one push come within milliseconds of each other; 15 s is Envoy's default of {@code
   * initial_fetch_timeout}.
   */
  public static final Timing DEFAULT = new Timing(Duration.ofMillis(10), Duration.ofSeconds(15));

  public Timing {
    if (quiet.isNegative() || warming.isNegative()) {
      throw new IllegalArgumentException(
          "timing: " + quiet + ", " + warming + " (expected: 0s or more)");
    }
  }
}
