package io.zoneproxy.core.relay;

/** One of the two ends of a relay. */
public enum Side {
  /** The side that dialed us. */
  DOWNSTREAM,
  /** The side that we dialed. */
  UPSTREAM;

  /** The one across. */
  public Side other() {
    return this == DOWNSTREAM ? UPSTREAM : DOWNSTREAM;
  }
}
