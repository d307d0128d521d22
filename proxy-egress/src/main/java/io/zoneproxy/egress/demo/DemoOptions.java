package io.zoneproxy.egress.demo;

/**
 * What the user asked of the demo.
 *
 * @param once whether it ends after the first requests; otherwise it runs until it is stopped
 * @param requests how many are sent before the table is printed, both directions together; 2 to
 *     1,000,000
 */
public record DemoOptions(boolean once, int requests) {
  /** Enough to see weights settle, few enough for a second or two. */
  public static final int DEFAULT_REQUESTS = 200;

  /** One for each direction: with fewer, one of them would go unproved. */
  private static final int MIN_REQUESTS = 2;

  /** An hour or so of handshakes; a longer run is the load generator's work. */
  private static final int MAX_REQUESTS = 1_000_000;

  public DemoOptions {
    if (requests < MIN_REQUESTS || requests > MAX_REQUESTS) {
      throw new IllegalArgumentException(
          "requests: %d (expected: %d to %d)".formatted(requests, MIN_REQUESTS, MAX_REQUESTS));
    }
  }
}
