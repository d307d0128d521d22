package io.zoneproxy.core.model.log;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The form of a record, with Envoy's command operators ({@code %START_TIME%}). */
public sealed interface LogFormat {
  /**
   * A text, as it stands; a line break at its end is a part of it.
   *
   * @param format "" is Envoy's default
   * @param omitEmpty writes nothing, not {@code -}, for an operator without a value
   */
  record Text(String format, boolean omitEmpty) implements LogFormat {
    /** With {@code -} for what has no value. */
    public Text(String format) {
      this(format, false);
    }
  }

  /**
   * A JSON object.
   *
   * @param members in order
   * @param omitEmpty leaves members out that have no value
   */
  record Json(Map<String, LogFormat> members, boolean omitEmpty) implements LogFormat {
    public Json {
      members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }
  }

  /** A JSON array. */
  record Array(List<LogFormat> elements) implements LogFormat {
    public Array {
      elements = List.copyOf(elements);
    }
  }

  /**
   * A value that stands for itself.
   *
   * @param json its text in JSON: a number, {@code true}, {@code false} or {@code null}
   */
  record Literal(String json) implements LogFormat {}
}
