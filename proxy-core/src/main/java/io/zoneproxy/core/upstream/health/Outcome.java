package io.zoneproxy.core.upstream.health;

/** How a probe ended. */
enum Outcome {
  PASSED,
  /** The endpoint answered, and not that it is well. */
  ILL,
  /** There was no connection, or no answer that is one. */
  FAILED,
  /** There was no socket for it: no endpoint is to blame. */
  NOT_ASKED
}
