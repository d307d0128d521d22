package io.zoneproxy.cp.ads;

/** The two forms of ADS. */
public enum Protocol {
  /** Differences only; kuma-cp can do it from 2.11 on, and nothing else from 3.0 on. */
  DELTA,
  /** The state of the world: everything of a type, each time. */
  SOTW;

  Protocol other() {
    return this == DELTA ? SOTW : DELTA;
  }
}
