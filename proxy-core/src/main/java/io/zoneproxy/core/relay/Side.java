package io.zoneproxy.core.relay;

/** One of the two ends of a relay. */
enum Side {
  /** The side that dialed us. */
  DOWNSTREAM,
  /** The side that we dialed. */
  UPSTREAM;

  Side other() {
    return this == DOWNSTREAM ? UPSTREAM : DOWNSTREAM;
  }
}
