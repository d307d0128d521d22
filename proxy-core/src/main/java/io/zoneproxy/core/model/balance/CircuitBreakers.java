package io.zoneproxy.core.model.balance;

/**
 * Limits of a cluster, for the whole process.
 *
 * @param maxConnections open at a time
 * @param maxPendingRequests requests (or connections of a passthrough) that wait for a connection
 * @param maxRequests requests at a time
 * @param maxRetries retries at a time
 */
public record CircuitBreakers(
    long maxConnections, long maxPendingRequests, long maxRequests, long maxRetries) {
  /** What Envoy does when nothing is said, from its documentation of {@code Thresholds}. */
  public static final CircuitBreakers ENVOY = new CircuitBreakers(1024, 1024, 1024, 3);

  /** No limits, for resource files, which have none. */
  public static final CircuitBreakers NONE =
      new CircuitBreakers(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);
}
