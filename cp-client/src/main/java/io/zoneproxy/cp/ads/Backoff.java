package io.zoneproxy.cp.ads;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: twice as long each time, and never the whole time for
 * all proxies, so that a control plane that returns is not met by all of them at once. Not for use
 * by several threads.
 */
public final class Backoff {
  /** Envoy's first step. */
  static final Duration FIRST = Duration.ofMillis(500);

  /** Envoy's last step is 30 s, and it shows after a short absence of the control plane. */
  static final Duration LONGEST = Duration.ofSeconds(5);

  private static final double LEAST_SHARE = 0.5;

  private final RandomGenerator random;
  private Duration next = FIRST;

  /** Begins with the shortest. */
  public Backoff(RandomGenerator random) {
    this.random = random;
  }

  /** The time to wait now: half of this turn's to all of it. */
  public Duration next() {
    double share = LEAST_SHARE + (1 - LEAST_SHARE) * random.nextDouble();
    Duration wait = Duration.ofNanos((long) (next.toNanos() * share));
    Duration twice = next.multipliedBy(2);
    next = twice.compareTo(LONGEST) < 0 ? twice : LONGEST;
    return wait;
  }

  /** It has worked: the next failure begins anew. */
  public void reset() {
    next = FIRST;
  }
}
