package io.zoneproxy.core.upstream.health;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the sockets that health checks have open: who finds none free waits in line. One for a
 * proxy; on the control loop only.
 */
public final class ProbeSlots {
  /** Enough for 1000 endpoints every second with probes of 60 ms; few beside the connections. */
  private static final int MOST = 64;

  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private int free = MOST;
  private boolean handingOut;

  /** Runs it as soon as a socket may be opened; {@link #release} is owed then. */
  void acquire(Runnable probe) {
    waiting.add(probe); // each endpoint waits once at most
    handOut();
  }

  /** A socket was closed. */
  void release() {
    free++;
    handOut();
  }

  /** One that releases at once must not lead to the next from within: there may be thousands. */
  private void handOut() {
    if (!handingOut) {
      handingOut = true;
      for (Runnable next = next(); next != null; next = next()) {
        next.run();
      }
      handingOut = false;
    }
  }

  private @Nullable Runnable next() {
    Runnable next = free > 0 ? waiting.poll() : null;
    if (next != null) {
      free--;
    }
    return next;
  }
}
