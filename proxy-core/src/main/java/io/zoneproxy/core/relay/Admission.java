package io.zoneproxy.core.relay;

import io.zoneproxy.core.config.ConnectionLimits;
import io.zoneproxy.core.observe.CloseReason;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Decides whether a listener takes one more connection. Any thread. */
public final class Admission {
  private final ConnectionLimits limits;
  private final AtomicInteger openInAll;
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger withoutReserve = new AtomicInteger();

  /**
   * @param openInAll counts the connections of all listeners, shared by their admissions
   */
  public Admission(ConnectionLimits limits, AtomicInteger openInAll) {
    this.limits = limits;
    this.openInAll = openInAll;
  }

  /**
   * Asks for one more.
   *
   * @return null when it may stay, and {@link #release} is owed; else why it is reset
   */
  public @Nullable CloseReason admit() {
    if (!hasReserve()) {
      return CloseReason.NO_DESCRIPTORS;
    }
    if (openInAll.incrementAndGet() > limits.total()) {
      openInAll.decrementAndGet();
      return CloseReason.CONNECTION_LIMIT;
    }
    if (open.incrementAndGet() > limits.perListener()) {
      release();
      return CloseReason.CONNECTION_LIMIT;
    }
    return null;
  }

  /** The connection that was admitted is over. */
  public void release() {
    open.decrementAndGet();
    openInAll.decrementAndGet();
  }

  /** Whether a descriptor may be taken: else it would be the one that a socket has given up. */
  boolean hasReserve() {
    return withoutReserve.get() == 0;
  }

  /** One of the listener's sockets has given up its reserve: until it is back all are reset. */
  void reserveGivenUp() {
    withoutReserve.incrementAndGet();
  }

  /** Owed once for each {@link #reserveGivenUp}. */
  void reserveTaken() {
    withoutReserve.decrementAndGet();
  }
}
