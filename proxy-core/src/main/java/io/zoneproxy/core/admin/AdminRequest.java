package io.zoneproxy.core.admin;

import java.util.List;
import java.util.Map;

/**
 * A request to the admin port, its method already checked.
 *
 * @param path decoded, without the query
 * @param parameters of the query, decoded, each with its values in order
 */
public record AdminRequest(String path, Map<String, List<String>> parameters) {
  /** The first value of a parameter; "" when it is not there, or without a value. */
  public String parameter(String name) {
    List<String> values = parameters.getOrDefault(name, List.of());
    return values.isEmpty() ? "" : values.get(0);
  }

  /** Whether a switch is on: there, and not {@code false}. */
  public boolean flag(String name) {
    return parameters.containsKey(name) && !parameter(name).equals("false");
  }
}
