package io.zoneproxy.core.config;

/** What becomes of a live connection whose filter chain an update removes. */
public enum RemovalPolicy {
  /** It may go on for the drain time, then it is cut. */
  DRAIN,
  /** It goes on until it ends by itself. */
  KEEP,
  /** It is cut at once. */
  CUT
}
