package io.zoneproxy.core.config;

import java.time.Duration;

/**
 * What a downstream may cost us before it is routed.
 *
 * @param timeout from accept to a whole ClientHello, not extended by bytes; at least 1 ms, there is
 *     no "off"
 * @param maxHandshakeBytes longest ClientHello message, 512 to 65536
 * @param maxBytes most bytes buffered before the ClientHello is whole, record headers included; at
 *     least {@code maxHandshakeBytes}
 */
public record HelloLimits(Duration timeout, int maxHandshakeBytes, int maxBytes) {
  /**
   * 5 s: a handshake that has not begun by then has failed for its caller. 16 KiB is Envoy's limit
   * for a ClientHello; six times that lets one through that is cut into records of one byte, whose
   * headers weigh five each.
   */
  public static final HelloLimits DEFAULT =
      new HelloLimits(Duration.ofSeconds(5), 16 * 1024, 96 * 1024);

  private static final int MIN_HANDSHAKE = 512;
  private static final int MAX_HANDSHAKE = 64 * 1024;

  public HelloLimits {
    if (timeout.toMillis() < 1) {
      throw new IllegalArgumentException("hello timeout: " + timeout + " (expected: >= 1ms)");
    }
    if (maxHandshakeBytes < MIN_HANDSHAKE || maxHandshakeBytes > MAX_HANDSHAKE) {
      throw new IllegalArgumentException(
          "hello bytes: %d (expected: %d to %d)"
              .formatted(maxHandshakeBytes, MIN_HANDSHAKE, MAX_HANDSHAKE));
    }
    if (maxBytes < maxHandshakeBytes) {
      throw new IllegalArgumentException(
          "hello bytes with headers: %d (expected: >= %d)".formatted(maxBytes, maxHandshakeBytes));
    }
  }
}
