package io.zoneproxy.ingress.inspect;

import io.zoneproxy.core.text.JsonWriter;
import java.util.Map;

/** Writes maps, lists, strings, numbers and booleans as JSON. */
final class JsonTree {
  private JsonTree() {}

  /** One line, ended. */
  static String text(Object tree) {
    StringBuilder out = new StringBuilder();
    write(new JsonWriter(out), tree);
    return out.append('\n').toString();
  }

  private static void write(JsonWriter json, Object node) {
    if (node instanceof Map<?, ?> map) {
      json.beginObject();
      map.forEach((key, value) -> write(json.name(String.valueOf(key)), value));
      json.endObject();
      return;
    }
    if (node instanceof Iterable<?> list) {
      json.beginArray();
      list.forEach(value -> write(json, value));
      json.endArray();
      return;
    }
    leaf(json, node);
  }

  private static void leaf(JsonWriter json, Object leaf) {
    if (leaf instanceof Boolean flag) {
      json.value(flag);
    } else if (leaf instanceof Double number) {
      json.value(number);
    } else if (leaf instanceof Number number) {
      json.value(number.longValue());
    } else {
      json.value(String.valueOf(leaf));
    }
  }
}
