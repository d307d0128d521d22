package io.zoneproxy.core.admin.pages;

import java.util.SortedMap;

/** The levels of the program's log; a program that has its own log leaves this out. */
public interface LogLevels {
  /** Logger names with their levels, Envoy's words. */
  SortedMap<String, String> levels();

  /**
   * Sets the level of one logger, or of all.
   *
   * @param logger one of {@link #levels}; "" for all
   * @param level trace, debug, info, warning, error, critical or off
   * @throws IllegalArgumentException when there is no such logger or level; says what there is
   */
  void set(String logger, String level);
}
