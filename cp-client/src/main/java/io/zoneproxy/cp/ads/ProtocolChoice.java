package io.zoneproxy.cp.ads;

import java.time.Duration;
import java.util.List;

/**
 * Which protocol the next stream speaks. kuma-cp does not say which it knows: one that it does not
 * is UNIMPLEMENTED, or is opened and never answered. Not for use by several threads.
 */
final class ProtocolChoice {
  /** Longest wait for a first response: each stream given up costs a registration. */
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final List<Protocol> order;
  private int at;
  private boolean worked; // the current one, in some stream
  private int silences; // streams in vain, since something worked

  ProtocolChoice(List<Protocol> order) {
    this.order = order;
  }

  Protocol current() {
    return order.get(at % order.size());
  }

  /** Something has come. */
  void onResponse() {
    worked = true;
    silences = 0;
  }

  /** The control plane does not know it, or no more. */
  void onUnimplemented() {
    next();
  }

  /**
   * Nothing has come. After a delta stream that worked the reason is another: kuma-cp cannot make a
   * configuration, and would not for the other protocol. SotW may be gone since.
   *
   * @return whether it is now another, and the stream of no use
   */
  boolean onSilence() {
    if (order.size() == 1 || (worked && current() == Protocol.DELTA)) {
      return false;
    }
    silences++;
    next();
    return true;
  }

  private void next() {
    at++;
    worked = false;
  }

  /** How long to wait for the first response now: twice as long after each round in vain. */
  Duration patience(Duration first) {
    Duration wait = first;
    for (int round = silences / order.size(); round > 0; round--) {
      Duration twice = wait.multipliedBy(2);
      if (twice.compareTo(LONGEST) > 0) {
        return LONGEST.compareTo(first) > 0 ? LONGEST : first;
      }
      wait = twice;
    }
    return wait;
  }
}
