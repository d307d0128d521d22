package io.zoneproxy.core.http;

import java.time.Duration;

/**
 * What a client of the proxy's own ports and chains may cost.
 *
 * @param maxConnections open at a time; one more closes the one that was quiet longest
 * @param idle from accept, or from a whole request, to the next whole request and its answer; a
 *     client that trickles bytes gains nothing
 * @param linger how long the client of a connection that we end may take to read the rest
 */
public record HttpLimits(int maxConnections, Duration idle, Duration linger) {
  /** Probes, scrapers and a few people; a minute as in most clients' pools. */
  public static final HttpLimits DEFAULT =
      new HttpLimits(64, Duration.ofSeconds(60), Duration.ofSeconds(1));

  /** No endpoint reads a body; some tools send a form all the same. */
  static final int MAX_BODY_BYTES = 64 * 1024;

  /** Room for {@code /explain?sni=} with 1,024 bytes, each escaped as three, and an identity. */
  static final int MAX_LINE_BYTES = 8 * 1024;

  /** All header fields together: what curl, Prometheus and a browser with cookies send. */
  static final int MAX_HEADER_BYTES = 8 * 1024;
}
