package io.zoneproxy.core.relay;

/** What the sockets of every relay have in common. */
public final class SocketDefaults {
  // A peer that is gone without a word is noticed after 60 + 3 * 10 s.
  /** Seconds without a byte before the first probe. */
  public static final int KEEPALIVE_IDLE_SECONDS = 60;

  /** Seconds between probes. */
  public static final int KEEPALIVE_INTERVAL_SECONDS = 10;

  /** Probes without an answer after which the peer is gone. */
  public static final int KEEPALIVE_COUNT = 3;

  /** Connections waiting to be accepted; the kernel cuts it to net.core.somaxconn. */
  public static final int BACKLOG = 4096;

  private SocketDefaults() {}
}
