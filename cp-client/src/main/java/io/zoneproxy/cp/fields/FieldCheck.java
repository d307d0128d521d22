package io.zoneproxy.cp.fields;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MapEntry;
import com.google.protobuf.Message;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Looks at every field that is set in a resource, whatever it is, by reflection: what the
 * translators do not ask for would otherwise be dropped without a word. Immutable; any thread.
 */
public final class FieldCheck {
  private static final String ANY = "google.protobuf.Any";

  /** Messages that are a value: durations, numbers that may be absent, trees of JSON. */
  private static final String VALUES = "google.protobuf.";

  private static final int MOST_SHOWN = 80; // characters of a value in a message

  private final FieldTable table;
  private final KnownTypes types;

  public FieldCheck(FieldTable table, KnownTypes types) {
    this.table = table;
    this.types = types;
  }

  /**
   * Looks at one resource.
   *
   * @param resource type and name, for messages
   */
  public void check(String resource, Message message, FieldReport report) {
    new Walk(resource, report).into(message, "");
  }

  private static String shown(Object value) {
    String text = String.valueOf(value).strip().replaceAll("\\s+", " ");
    return text.length() > MOST_SHOWN ? text.substring(0, MOST_SHOWN) + "…" : text;
  }

  private final class Walk {
    private final String resource;
    private final FieldReport report;

    Walk(String resource, FieldReport report) {
      this.resource = resource;
      this.report = report;
    }

    void into(Message message, String path) {
      for (Map.Entry<FieldDescriptor, Object> set : message.getAllFields().entrySet()) {
        field(set.getKey(), set.getValue(), path + "." + set.getKey().getName());
      }
      for (Integer number : message.getUnknownFields().asMap().keySet()) {
        unknown(message.getDescriptorForType().getFullName(), number, path);
      }
    }

    /** A newer control plane may know fields that the messages here do not have. */
    private void unknown(String message, int number, String path) {
      FieldTable.Rule rule = table.rule(message + "." + number);
      switch (rule.fieldClass()) {
        case HONOURED, REFUSED ->
            refuse(
                path + ".<" + number + ">", "set", "a field of " + message + " that is known here");
        case HARMLESS -> report.harmless(message + "." + number, rule.reason());
        case WAITING -> report.waiting(message + "." + number, rule.reason());
      }
    }

    private void field(FieldDescriptor field, Object value, String path) {
      FieldTable.Rule rule = table.rule(field.getFullName());
      switch (rule.fieldClass()) {
        case HONOURED -> {
          report.honoured();
          values(field, value, path);
        }
        case HARMLESS -> report.harmless(field.getFullName(), rule.reason());
        case WAITING -> report.waiting(field.getFullName(), rule.reason());
        case REFUSED -> refuse(path, shown(value), "not set: it is not supported");
      }
    }

    private void values(FieldDescriptor field, Object value, String path) {
      if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
        return;
      }
      if (field.isMapField()) {
        for (Object entry : (Collection<?>) value) {
          MapEntry<?, ?> pair = (MapEntry<?, ?>) entry;
          if (pair.getValue() instanceof Message nested) {
            nested(nested, path + "[" + pair.getKey() + "]");
          }
        }
      } else if (field.isRepeated()) {
        List<?> all = (List<?>) value;
        for (int i = 0; i < all.size(); i++) {
          nested((Message) all.get(i), path + "[" + i + "]");
        }
      } else {
        nested((Message) value, path);
      }
    }

    private void nested(Message message, String path) {
      Descriptor type = message.getDescriptorForType();
      if (type.getFullName().equals(ANY)) {
        any((Any) message, path);
      } else if (!type.getFullName().startsWith(VALUES)) {
        into(message, path);
      }
    }

    private void any(Any any, String path) {
      if (!types.knows(any)) {
        refuse(path, any.getTypeUrl(), "a type that is supported here");
        return;
      }
      try {
        into(types.unpack(any), path);
      } catch (InvalidProtocolBufferException e) {
        refuse(path, "not readable", any.getTypeUrl());
      }
    }

    private void refuse(String path, String value, String expected) {
      report.refused("%s%s: %s (expected: %s)".formatted(resource, path, value, expected));
    }
  }
}
