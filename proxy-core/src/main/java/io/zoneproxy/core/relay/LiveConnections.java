package io.zoneproxy.core.relay;

import io.zoneproxy.core.observe.CloseReason;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** All open connections of a proxy, so that a drain or an update finds those to end. Any thread. */
public final class LiveConnections {
  private final Set<LiveConnection> open = ConcurrentHashMap.newKeySet();

  /** It is open. */
  public void add(LiveConnection connection) {
    open.add(connection);
  }

  /** It is over. */
  public void remove(LiveConnection connection) {
    open.remove(connection);
  }

  /** How many are open. */
  public int count() {
    return open.size();
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
