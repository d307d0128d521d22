package io.zoneproxy.core.config;

/**
 * How many connections may be open at once. One more is accepted and reset at once, so that its
 * caller tries another proxy instead of hanging in the backlog.
 *
 * @param total over all listeners, at least 1
 * @param perListener of one listener, at least 1
 */
public record ConnectionLimits(int total, int perListener) {
  public ConnectionLimits {
    if (total < 1 || perListener < 1) {
      throw new IllegalArgumentException(
          "connection limits: %d in all, %d a listener (expected: >= 1)"
              .formatted(total, perListener));
    }
  }

  /** The same limit for one listener as for all. */
  public static ConnectionLimits of(int total) {
    return new ConnectionLimits(total, total);
  }
}
