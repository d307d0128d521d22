package io.zoneproxy.core.model.log;

import io.zoneproxy.core.model.policy.Predicate;

/** Which records are written. */
public sealed interface LogFilter {
  /**
   * A condition on the connection.
   *
   * @param expression as the control plane wrote it
   * @param meaning what it says
   */
  record Expression(String expression, Predicate meaning) implements LogFilter {}
}
