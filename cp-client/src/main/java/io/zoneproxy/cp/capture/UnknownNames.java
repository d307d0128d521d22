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

/**
 * Names and types in proto-JSON that no message has, each with its path: protobuf's own reader
 * tells the first one, without a path. One thread.
 */
final class UnknownNames {
  private static final String ANY = "google.protobuf.Any";
  private static final String TYPE = "@type";
  private static final String VALUES = "google.protobuf."; // durations, wrappers, trees of JSON

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
