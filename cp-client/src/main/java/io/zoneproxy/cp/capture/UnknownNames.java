package io.zoneproxy.cp.capture;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.zoneproxy.cp.fields.KnownTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Names and types in proto-JSON that no message has, and numbers that would take for ever, each
 * with its path: protobuf's own reader tells the first one, without a path. One thread.
 */
final class UnknownNames {
  private static final String ANY = "google.protobuf.Any";
  private static final String TYPE = "@type";
  private static final String VALUES = "google.protobuf."; // durations, wrappers, trees of JSON

  private static final Set<String> WHOLE_NUMBERS =
      Set.of(
          "google.protobuf.Int32Value",
          "google.protobuf.UInt32Value",
          "google.protobuf.Int64Value",
          "google.protobuf.UInt64Value");

  /** As protobuf's reader takes it, {@code 1e999999999} has a billion digits in memory. */
  private static final Pattern HUGE = Pattern.compile("[eE][+-]?[0-9]{3}");

  private static final int MOST_DIGITS = 40; // a whole number has 20, and may have a fraction of 0

  private final KnownTypes types;
  private final List<String> found = new ArrayList<>();

  private UnknownNames(KnownTypes types) {
    this.types = types;
  }

  /** All of them, in the order of the text; path, colon, what is odd. */
  static List<String> in(JsonElement message, Descriptor type, KnownTypes types) {
    UnknownNames names = new UnknownNames(types);
    names.message(message, type, "");
    return names.found;
  }

  private void message(JsonElement json, Descriptor type, String path) {
    if (type.getFullName().equals(ANY)) {
      any(json, path);
    } else if (json.isJsonObject() && !type.getFullName().startsWith(VALUES)) {
      fields(json.getAsJsonObject(), type, path);
    }
  }

  private void fields(JsonObject object, Descriptor type, String path) {
    for (Map.Entry<String, JsonElement> each : object.entrySet()) {
      String name = each.getKey();
      Optional<FieldDescriptor> field =
          type.getFields().stream()
              .filter(known -> known.getJsonName().equals(name) || known.getName().equals(name))
              .findAny();
      if (field.isPresent()) {
        value(each.getValue(), field.get(), path + "." + field.get().getName());
      } else if (!name.equals(TYPE)) {
        found.add(
            "%s.%s: set (expected: a field of %s that is known here)"
                .formatted(path, name, type.getFullName()));
      }
    }
  }

  private void value(JsonElement json, FieldDescriptor field, String path) {
    if (isWhole(field)) {
      number(json, path);
      return;
    }
    if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
      return;
    }
    if (field.isMapField() && json.isJsonObject()) {
      FieldDescriptor value = field.getMessageType().findFieldByName("value");
      json.getAsJsonObject()
          .entrySet()
          .forEach(each -> value(each.getValue(), value, path + "[" + each.getKey() + "]"));
    } else if (field.isRepeated() && json.isJsonArray()) {
      JsonArray all = json.getAsJsonArray();
      for (int i = 0; i < all.size(); i++) {
        message(all.get(i), field.getMessageType(), path + "[" + i + "]");
      }
    } else {
      message(json, field.getMessageType(), path);
    }
  }

  private static boolean isWhole(FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case INT, LONG -> true;
      case MESSAGE -> WHOLE_NUMBERS.contains(field.getMessageType().getFullName());
      default -> false;
    };
  }

  private void number(JsonElement json, String path) {
    if (json.isJsonArray()) {
      json.getAsJsonArray().forEach(each -> number(each, path));
    } else if (json.isJsonPrimitive() && json.getAsString().length() > MOST_DIGITS) {
      found.add(path + ": too long (expected: a whole number)");
    } else if (json.isJsonPrimitive() && HUGE.matcher(json.getAsString()).find()) {
      found.add("%s: %s (expected: a whole number)".formatted(path, json.getAsString()));
    }
  }

  private void any(JsonElement json, String path) {
    JsonElement url = json.isJsonObject() ? json.getAsJsonObject().get(TYPE) : null;
    String name = url != null && url.isJsonPrimitive() ? url.getAsString() : "no @type";
    Optional<Descriptor> type = types.type(name);
    if (type.isPresent()) {
      fields(json.getAsJsonObject(), type.get(), path);
    } else {
      found.add("%s: %s (expected: a type that is supported here)".formatted(path, name));
    }
  }
}
