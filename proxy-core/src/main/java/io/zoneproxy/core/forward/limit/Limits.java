package io.zoneproxy.core.forward.limit;

import java.time.Duration;

/** What holds when the configuration says nothing: Envoy's defaults, where it has one. */
public final class Limits {
  /** A request on which nothing moves. */
  public static final Duration STREAM_IDLE = Duration.ofMinutes(5);

  /** The whole response, from the end of the request. */
  public static final Duration RESPONSE = Duration.ofSeconds(15);

  /** A connection without requests. */
  public static final Duration IDLE = Duration.ofHours(1);

  /** A head that trickles in; Envoy has no limit, and its guide for edges wants one. */
  public static final Duration HEAD = Duration.ofSeconds(60);

  /** How long a downstream may take to read what we sent last before we close. */
  public static final Duration LINGER = Duration.ofSeconds(1);

  /**
   * Of a body over HTTP/2 that is not wanted, what is read all the same: a window of a stream, for
   * so much may be under way. To reset at once would answer each of its frames with one more reset.
   */
  public static final int LEFTOVER_BYTES = 256 * 1024;

  /** From "no more requests, please" to the last one taken: a round trip. */
  public static final Duration GOAWAY = Duration.ofSeconds(1);

  private Limits() {}
}
