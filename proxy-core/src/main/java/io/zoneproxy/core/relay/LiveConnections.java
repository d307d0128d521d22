package io.zoneproxy.core.relay;

import io.zoneproxy.core.observe.CloseReason;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** All open connections of a proxy, so that a drain or an update finds those to end. Any thread. */
public final class LiveConnections {
  private final Set<LiveConnection> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger own = new AtomicInteger();

  /** It is open. */
  public void add(LiveConnection connection) {
    if (open.add(connection) && connection.own()) {
      own.incrementAndGet();
    }
  }

  /** It is over. */
  public void remove(LiveConnection connection) {
    if (open.remove(connection) && connection.own()) {
      own.decrementAndGet();
    }
  }

  /** How many are open, those that the proxy itself answers not counted. */
  public int count() {
    return open.size() - own.get();
  }

  /** Shows every open one. */
  public void forEach(Consumer<LiveConnection> action) {
    open.forEach(action);
  }

  /**
   * Ends connections; they leave a little later, on their own event loops.
   *
   * @param most how many at most
   * @param which those that are meant
   * @param reason what their records say
   * @return how many were ended, those not counted that were ended before and are still leaving
   */
  public int cut(int most, Predicate<LiveConnection> which, CloseReason reason) {
    int cut = 0;
    for (LiveConnection connection : open) {
      if (cut == most) {
        break;
      }
      if (which.test(connection) && connection.cut(reason)) {
        cut++;
      }
    }
    return cut;
  }
}
