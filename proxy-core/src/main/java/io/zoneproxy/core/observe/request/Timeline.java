package io.zoneproxy.core.observe.request;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When what has happened in the life of a request. Marked on its event loop; any thread may read it
 * when the request is over.
 */
public final class Timeline {
  /** What may happen, by Envoy's short names for it. */
  public enum Point {
    /** The last byte of the request was read ({@code DS_RX_END}). */
    RECEIVED(0, "DS_RX_END"),
    /** A connection to an endpoint was asked for, last ({@code US_CX_BEG}). */
    CONNECTING(1, "US_CX_BEG"),
    /** The one in use was there ({@code US_CX_END}). */
    CONNECTED(2, "US_CX_END"),
    /** The head of the request was written to it ({@code US_TX_BEG}). */
    SENDING(3, "US_TX_BEG"),
    /** The last byte of the request was written to it ({@code US_TX_END}). */
    SENT(4, "US_TX_END"),
    /** The head of the upstream's response was read ({@code US_RX_BEG}). */
    ANSWERED(5, "US_RX_BEG"),
    /** The last byte of that response was read ({@code US_RX_END}). */
    ANSWERED_WHOLE(6, "US_RX_END"),
    /** The head of a response was written to the downstream ({@code DS_TX_BEG}). */
    REPLYING(7, "DS_TX_BEG"),
    /** The last byte of it was written ({@code DS_TX_END}). */
    REPLIED(8, "DS_TX_END");

    private static final Point[] ALL = values();
    private final int slot; // in the times of a request
    private final String label;

    Point(int slot, String label) {
      this.slot = slot;
      this.label = label;
    }

    /** The point of a label; null when there is none of it. */
    public static @Nullable Point of(String label) {
      for (Point point : ALL) {
        if (point.label.equals(label)) {
          return point;
        }
      }
      return null;
    }
  }

  private final Instant start = Instant.now();
  private final long startNanos = System.nanoTime();
  private final long[] nanos = new long[Point.ALL.length]; // since the start; 0 = not yet

  /** When the head of the request was whole. */
  public Instant start() {
    return start;
  }

  /** It happens now; what happens again has the time of the last one. */
  public void mark(Point point) {
    nanos[point.slot] = Math.max(1, System.nanoTime() - startNanos);
  }

  /** Time since the start. */
  public Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }

  /** From the start to a point; null when that was not reached. */
  public @Nullable Duration at(Point point) {
    long reached = nanos[point.slot];
    return reached == 0 ? null : Duration.ofNanos(reached);
  }

  /** From one point to a later one; null when either was not reached. */
  public @Nullable Duration between(Point begin, Point end) {
    long from = nanos[begin.slot];
    long to = nanos[end.slot];
    return from == 0 || to == 0 ? null : Duration.ofNanos(to - from);
  }
}
