package io.zoneproxy.core.observe.access.operator;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Envoy's command operators by name. Those that a TCP connection has no value for are known too:
 * the same formats serve TCP and HTTP. Not known are those that this proxy could not compute for
 * any connection ({@code CEL}, {@code TYPED_CEL}, {@code COALESCE}).
 */
public final class Operators {
  private static final Map<String, Operator> BY_NAME = all();

  private Operators() {}

  /** Finds one; null when there is none of this name. */
  public static @Nullable Operator byName(String name) {
    return BY_NAME.get(name);
  }

  private static Map<String, Operator> all() {
    Map<String, Operator> all = new HashMap<>();
    AbsentOperators.addTo(all);
    ConnectionOperators.addTo(all);
    AddressOperators.addTo(all);
    TimeOperators.addTo(all);
    RequestOperators.addTo(all);
    return Map.copyOf(all);
  }
}
