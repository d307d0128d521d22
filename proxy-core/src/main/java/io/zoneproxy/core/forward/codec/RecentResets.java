package io.zoneproxy.core.forward.codec;

/**
 * Streams that were reset here: what comes for them was sent before the peer knew, and is no fault.
 * On the event loop of the connection.
 */
final class RecentResets {
  /** All that may be open, and refused ones. */
  private static final int KEPT = 128;

  private int[] ids = {}; // most connections never need it
  private int next;

  void add(int id) {
    if (ids.length == 0) {
      ids = new int[KEPT];
    }
    ids[next] = id;
    next = (next + 1) % KEPT;
  }

  boolean contains(int id) {
    for (int one : ids) {
      if (one == id) {
        return true;
      }
    }
    return false;
  }
}
