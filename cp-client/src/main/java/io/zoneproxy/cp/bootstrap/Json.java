package io.zoneproxy.cp.bootstrap;

import com.google.gson.JsonElement;
import org.jspecify.annotations.Nullable;

/** Looks into a tree of JSON whose shape is not certain. */
final class Json {
  private Json() {}

  /** What stands at a path of field names and indexes; null when there is no such thing. */
  static @Nullable JsonElement at(JsonElement root, String... path) {
    JsonElement at = root;
    for (String step : path) {
      if (at.isJsonObject() && at.getAsJsonObject().has(step)) {
        at = at.getAsJsonObject().get(step);
      } else if (at.isJsonArray() && at.getAsJsonArray().size() > index(step)) {
        at = at.getAsJsonArray().get(index(step));
      } else {
        return null;
      }
    }
    return at;
  }

  private static int index(String step) {
    return step.chars().allMatch(Character::isDigit) ? Integer.parseInt(step) : Integer.MAX_VALUE;
  }

  /** The text at a path; "" when there is none. */
  static String text(JsonElement root, String... path) {
    JsonElement found = at(root, path);
    return found != null && found.isJsonPrimitive() ? found.getAsString() : "";
  }
}
