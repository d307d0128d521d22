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

  /**
   * While the last stream is not let go of. At its end kuma-cp takes the proxy's resource out, and
   * until the next stream everybody is told that there is no such proxy.
   */
  private static final Duration SOON = Duration.ofSeconds(1);

  /** About 45 s: whoever is held for longer shares its name with another proxy. */
  private static final int MOST_SOON = 60;

  private static final double LEAST_SHARE = 0.5;

  private final RandomGenerator random;
  private Duration next = FIRST;
  private int soon;

  /** Begins with the shortest. */
  public Backoff(RandomGenerator random) {
    this.random = random;
  }

  /** The time to wait now: half of this turn's to all of it. */
  public Duration next() {
    Duration wait = some(next);
    Duration twice = next.multipliedBy(2);
    next = twice.compareTo(LONGEST) < 0 ? twice : LONGEST;
    return wait;
  }

  /**
   * The time to wait for what ends by itself within seconds: half a second to one, and when it does
   * not end, {@link #next}.
   */
  public Duration soon() {
    soon++;
    return soon > MOST_SOON ? next() : some(SOON);
  }

  private Duration some(Duration most) {
    double share = LEAST_SHARE + (1 - LEAST_SHARE) * random.nextDouble();
    return Duration.ofNanos((long) (most.toNanos() * share));
  }

  /** It has worked: the next failure begins anew. */
  public void reset() {
    next = FIRST;
    soon = 0;
  }
}
