package io.zoneproxy.core.config;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Time limits of a connection after its server name is known.
 *
 * @param connectTimeout for one attempt to one endpoint, unless its cluster has its own; at least 1
 *     ms, there is no "off"; more than 24 days count as 24, for Netty takes an int
 * @param idleTimeout without a byte in either direction; zero = off
 * @param halfCloseTimeout without a byte once one side has sent FIN; zero = off
 * @param maxConnectionTime age of a connection from its match; zero = off. Each connection ends
 *     between 90 and 100 % of it, so that those which began together do not come back together
 * @param maxConnectAttempts endpoints tried for one connection, at least 1; each at most once
 */
public record RelayConfig(
    Duration connectTimeout,
    Duration idleTimeout,
    Duration halfCloseTimeout,
    Duration maxConnectionTime,
    int maxConnectAttempts) {
  /**
   * 5 s is Kuma's connect timeout, 1 h Envoy's idle timeout for TCP. Three attempts: one that fails
   * and one more is the usual case of a zone that lost an ingress; more than that would outlive the
   * patience of whoever waits for the handshake.
   */
  public static final RelayConfig DEFAULT =
      new RelayConfig(
          Duration.ofSeconds(5), Duration.ofHours(1), Duration.ofHours(1), Duration.ZERO, 3);

  /** Connections that began together do not end, and come back, together. */
  private static final double JITTER = 0.1;

  public RelayConfig {
    if (connectTimeout.toMillis() < 1) {
      throw new IllegalArgumentException(
          "connect timeout: " + connectTimeout + " (expected: >= 1ms)");
    }
    notNegative("idle timeout", idleTimeout);
    notNegative("half-close timeout", halfCloseTimeout);
    notNegative("maximum connection time", maxConnectionTime);
    if (maxConnectAttempts < 1) {
      throw new IllegalArgumentException(
          "connect attempts: " + maxConnectAttempts + " (expected: >= 1)");
    }
  }

  /** The maximum age of one connection, drawn for it: 90 to 100 % of the limit; 0 = none. */
  public long drawnMaxAgeNanos() {
    double share = 1 - JITTER * ThreadLocalRandom.current().nextDouble();
    return (long) (maxConnectionTime.toNanos() * share);
  }

  private static void notNegative(String what, Duration value) {
    if (value.isNegative()) {
      throw new IllegalArgumentException(what + ": " + value + " (expected: >= 0s; 0s = off)");
    }
  }
}
