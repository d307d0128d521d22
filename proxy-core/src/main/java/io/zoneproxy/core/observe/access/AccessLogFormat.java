package io.zoneproxy.core.observe.access;

import io.zoneproxy.core.text.JsonWriter;
import org.jspecify.annotations.Nullable;

/**
 * How a line of the access log is written. All formats have the same fields in the same order:
 * those of a connection, or those of a request.
 */
public enum AccessLogFormat {
  /** One JSON object a line; what is not known is null. */
  JSON {
    @Override
    void append(AccessFields.Entry entry, StringBuilder out) {
      JsonWriter json = new JsonWriter(out).beginObject();
      entry.write(new JsonFields(json));
      json.endObject();
      out.append('\n');
    }
  },

  /**
   * {@code name=value} with spaces between; what is not known is {@code -}. A value that holds
   * anything but printable ASCII, or a space, a quote, a backslash or an equals sign, stands in
   * quotes with JSON's escapes, so that it can forge neither a field nor a line.
   */
  TEXT {
    @Override
    void append(AccessFields.Entry entry, StringBuilder out) {
      entry.write(new TextFields(out));
      out.setCharAt(out.length() - 1, '\n'); // it was the last field's space
    }
  };

  /** Appends one line, its newline included. */
  abstract void append(AccessFields.Entry entry, StringBuilder out);

  private record JsonFields(JsonWriter json) implements AccessFields.Sink {
    @Override
    public void text(String name, @Nullable String value) {
      json.name(name).value(value);
    }

    @Override
    public void number(String name, long value) {
      json.name(name).value(value);
    }
  }

  private record TextFields(StringBuilder out) implements AccessFields.Sink {
    private static final String NONE = "-";

    @Override
    public void text(String name, @Nullable String value) {
      out.append(name).append('=');
      if (value == null) {
        out.append(NONE);
      } else if (isBare(value)) {
        out.append(value);
      } else {
        JsonWriter.quote(out, value);
      }
      out.append(' ');
    }

    @Override
    public void number(String name, long value) {
      out.append(name).append('=').append(value).append(' ');
    }

    private static boolean isBare(String value) {
      return !value.equals(NONE)
          && value.chars().allMatch(c -> c > ' ' && c <= '~' && "\"\\=".indexOf(c) < 0);
    }
  }
}
