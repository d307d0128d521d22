package io.zoneproxy.core.observe;

import java.util.Locale;

/** Whose doing the end of a connection was. The log level follows from it: a peer's is debug. */
public enum Origin {
  /** Nobody's fault: an orderly end. */
  NONE,
  /** The side that dialed us. */
  DOWNSTREAM,
  /** The side that we dialed. */
  UPSTREAM,
  /** This proxy: its configuration, its limits, its end. */
  PROXY;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** The name in logs and metrics, lower case. */
  public String label() {
    return label;
  }
}
