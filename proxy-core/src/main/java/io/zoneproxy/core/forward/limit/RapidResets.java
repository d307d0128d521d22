package io.zoneproxy.core.forward.limit;

import java.util.concurrent.TimeUnit;

/**
 * Tells a peer that resets its streams as soon as they have begun (CVE-2023-44487) from one whose
 * callers lose patience: a sidecar passes on each deadline that is missed. As in Envoy it is the
 * share that counts. On the event loop of the connection.
 */
public final class RapidResets {
  /** Fewer streams tell nothing; Envoy's default. */
  public static final int LEAST_STREAMS = 500;

  /** A stream that is reset after this long had its chance; Envoy's default. */
  private static final long EARLY_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Good streams of long ago do not pay for bad ones. */
  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(30);

  private long windowNanos = System.nanoTime();
  private int ended;
  private int early;

  /** The peer has reset one that began then. */
  public void onReset(long beganNanos) {
    if (System.nanoTime() - beganNanos < EARLY_NANOS) {
      early++;
    }
  }

  /**
   * A stream is over.
   *
   * @return whether the peer has reset too many
   */
  public boolean onEnd() {
    ended++;
    if (ended >= LEAST_STREAMS && early > ended / 2) {
      return true;
    }
    long now = System.nanoTime();
    if (now - windowNanos > WINDOW_NANOS) {
      windowNanos = now;
      ended = 0;
      early = 0;
    }
    return false;
  }
}
