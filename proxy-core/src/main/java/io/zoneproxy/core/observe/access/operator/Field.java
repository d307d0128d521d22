package io.zoneproxy.core.observe.access.operator;

import org.jspecify.annotations.Nullable;

/** One value of a connection. */
@FunctionalInterface
public interface Field {
  /** A {@link Long}, a {@link String} that is not escaped yet, or null when there is none. */
  @Nullable Object of(LoggedConnection connection);

  /** "" is no value. */
  static @Nullable String present(String text) {
    return text.isEmpty() ? null : text;
  }
}
