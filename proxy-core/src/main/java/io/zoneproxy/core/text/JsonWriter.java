package io.zoneproxy.core.text;

import org.jspecify.annotations.Nullable;

/**
 * Writes one JSON document, without white space. What it is asked to write may have been chosen by
 * a stranger (a server name, an error text), so a string can end neither its quotes nor its line,
 * and shows nothing that a terminal would obey.
 *
 * <p>The caller sees to the nesting; commas are set here. Not for several threads.
 */
public final class JsonWriter {
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private final StringBuilder out;

  /** One flag serves all levels: whoever ends a level has just written an element of the outer. */
  private boolean comma;

  /** A writer into a buffer of its own: {@link #toString()} has the document. */
  public JsonWriter() {
    this(new StringBuilder());
  }

  /**
   * A writer that appends.
   *
   * @param out the caller's; only appended to
   */
  public JsonWriter(StringBuilder out) {
    this.out = out;
  }

  /** Begins an object, as a value. */
  public JsonWriter beginObject() {
    return begin('{');
  }

  /** Ends the innermost object. */
  public JsonWriter endObject() {
    return end('}');
  }

  /** Begins an array, as a value. */
  public JsonWriter beginArray() {
    return begin('[');
  }

  /** Ends the innermost array. */
  public JsonWriter endArray() {
    return end(']');
  }

  /** The name of the member that the next call writes. */
  public JsonWriter name(String name) {
    separate();
    quote(out, name);
    out.append(':');
    comma = false;
    return this;
  }

  /** A string, or null. */
  public JsonWriter value(@Nullable String value) {
    separate();
    if (value == null) {
      out.append("null");
    } else {
      quote(out, value);
    }
    return this;
  }

  /** A whole number. Beyond 2^53 many readers round it. */
  public JsonWriter value(long value) {
    separate();
    out.append(value);
    return this;
  }

  /** A number; infinities and NaN, which JSON has not, become null. */
  public JsonWriter value(double value) {
    separate();
    out.append(Double.isFinite(value) ? Double.toString(value) : "null");
    return this;
  }

  /** True or false. */
  public JsonWriter value(boolean value) {
    separate();
    out.append(value);
    return this;
  }

  /**
   * A value that is JSON already.
   *
   * @param json one whole value; not looked at
   */
  public JsonWriter raw(String json) {
    separate();
    out.append(json);
    return this;
  }

  /**
   * A value that is JSON already, with names that others chose: what is invisible in its strings is
   * escaped as in {@link #quote}, all else stands as it is.
   *
   * @param json one whole value; not looked at otherwise
   */
  public JsonWriter rawVisible(String json) {
    separate();
    for (int i = 0; i < json.length(); ) {
      int point = json.codePointAt(i);
      if (point < ' ' || isPlain(point)) { // JSON has controls of C0 between its values only
        out.appendCodePoint(point);
      } else {
        appendHex(out, point);
      }
      i += Character.charCount(point);
    }
    return this;
  }

  /** What was written so far, with what the buffer held before. */
  @Override
  public String toString() {
    return out.toString();
  }

  /**
   * Appends a string in quotes, as JSON has it: quotes, backslashes, everything invisible (controls
   * of C0 and C1, line separators, marks that reverse the direction of text) escaped. Half a
   * surrogate pair cannot be written in UTF-8: it becomes U+FFFD.
   */
  public static void quote(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      appendEscaped(out, point);
      i += Character.charCount(point);
    }
    out.append('"');
  }

  private static void appendEscaped(StringBuilder out, int point) {
    switch (point) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> {
        if (isPlain(point)) {
          out.appendCodePoint(point);
        } else {
          appendHex(out, point);
        }
      }
    }
  }

  private static boolean isPlain(int point) {
    return (point >= ' ' && point <= '~') || Visible.is(point);
  }

  private static void appendHex(StringBuilder out, int point) {
    boolean half = Character.getType(point) == Character.SURROGATE;
    for (char unit : Character.toChars(half ? 0xFFFD : point)) {
      out.append("\\u");
      for (int shift = Character.SIZE - 4; shift >= 0; shift -= 4) {
        out.append(HEX[unit >> shift & 0xF]);
      }
    }
  }

  private JsonWriter begin(char bracket) {
    separate();
    out.append(bracket);
    comma = false;
    return this;
  }

  private JsonWriter end(char bracket) {
    out.append(bracket);
    comma = true;
    return this;
  }

  private void separate() {
    if (comma) {
      out.append(',');
    }
    comma = true;
  }
}
