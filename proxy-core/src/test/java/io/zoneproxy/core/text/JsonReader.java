package io.zoneproxy.core.text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A strict reader of JSON (RFC 8259) for tests: a second opinion on what we write. */
public final class JsonReader {
  private final String text;
  private int at;

  private JsonReader(String text) {
    this.text = text;
  }

  /** Reads one document: maps, lists, strings, longs, booleans, null. */
  public static @Nullable Object read(String text) {
    JsonReader reader = new JsonReader(text);
    Object value = reader.value();
    reader.expect(reader.at == text.length(), "the end");
    return value;
  }

  /** Reads a document that is an object. */
  @SuppressWarnings({"unchecked", "NullAway"})
  public static Map<String, Object> object(String text) {
    return (Map<String, Object>) read(text);
  }

  private @Nullable Object value() {
    char c = peek();
    if (c == '{') {
      return members();
    }
    if (c == '[') {
      return elements();
    }
    if (c == '"') {
      return string();
    }
    return word();
  }

  private Map<String, @Nullable Object> members() {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    take('{');
    while (peek() != '}') {
      if (!map.isEmpty()) {
        take(',');
      }
      String name = string();
      take(':');
      expect(!map.containsKey(name), "a new name, not " + name);
      map.put(name, value());
    }
    take('}');
    return map;
  }

  private List<@Nullable Object> elements() {
    List<@Nullable Object> list = new ArrayList<>();
    take('[');
    while (peek() != ']') {
      if (!list.isEmpty()) {
        take(',');
      }
      list.add(value());
    }
    take(']');
    return list;
  }

  private String string() {
    StringBuilder out = new StringBuilder();
    take('"');
    while (peek() != '"') {
      char c = text.charAt(at++);
      expect(c >= ' ', "no bare control character");
      out.append(c == '\\' ? escape() : c);
    }
    take('"');
    return out.toString();
  }

  private char escape() {
    char c = text.charAt(at++);
    if (c == 'u') {
      at += 4;
      return (char) Integer.parseInt(text.substring(at - 4, at), 16);
    }
    int index = "\"\\/bfnrt".indexOf(c);
    expect(index >= 0, "an escape");
    return "\"\\/\b\f\n\r\t".charAt(index);
  }

  private @Nullable Object word() {
    int start = at;
    while (at < text.length() && ",]}".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    String word = text.substring(start, at);
    return switch (word) {
      case "true" -> true;
      case "false" -> false;
      case "null" -> null;
      default -> word.indexOf('.') < 0 ? Long.valueOf(word) : (Object) Double.valueOf(word);
    };
  }

  private char peek() {
    expect(at < text.length(), "more");
    return text.charAt(at);
  }

  private void take(char c) {
    expect(peek() == c, "'" + c + "'");
    at++;
  }

  private void expect(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException("expected " + what + " at " + at + " of: " + text);
    }
  }
}
