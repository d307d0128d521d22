package io.zoneproxy.cp.fields;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import udpa.annotations.Sensitive;

/**
 * Looks at every field that is set in a resource, whatever it is, by reflection: what the
 * translators do not ask for would otherwise be dropped without a word. Immutable; any thread.
 */
public final class FieldCheck {
  static final String ANY = "google.protobuf.Any";

  /** Messages that are a value: durations, numbers that may be absent, trees of JSON. */
  static final String VALUES = "google.protobuf.";

  private static final int MOST_SHOWN = 80; // characters of a value in a message

  /** As deep as protobuf reads a message; one in an {@code Any} begins anew there, but not here. */
  private static final int MOST_DEPTH = 100;

  private final FieldTable table;
  private final KnownTypes types;
  private final WireCheck wire;

  public FieldCheck(FieldTable table, KnownTypes types) {
    this.table = table;
    this.types = types;
    this.wire = new WireCheck(new Shapes(table, types), MOST_DEPTH);
  }

  /**
   * Whether {@link #check} would refuse nothing in this message, seen from its bytes alone.
   *
   * @return false also when that is not seen at once
   */
  public boolean passes(Descriptor type, ByteString bytes) {
    return wire.passes(type, bytes);
  }

  /**
   * Looks at one resource.
   *
   * @param resource type and name, for messages
   */
  public void check(String resource, Message message, FieldReport report) {
    new Walk(resource, report).into(message, new Place("", 0, false));
  }

  private static String shown(Object value) {
    String text = String.valueOf(value).strip().replaceAll("\\s+", " ");
    return text.length() > MOST_SHOWN ? text.substring(0, MOST_SHOWN) + "…" : text;
  }

  /**
   * Where a message stands.
   *
   * @param waiting below a field that waits: what is honoured elsewhere waits here too
   */
  private record Place(String path, int depth, boolean waiting) {
    Place at(String step) {
      return new Place(path + step, depth, waiting);
    }

    Place inside() {
      return new Place(path, depth + 1, waiting);
    }

    Place waits() {
      return new Place(path, depth, true);
    }
  }

  private final class Walk {
    private final String resource;
    private final FieldReport report;

    Walk(String resource, FieldReport report) {
      this.resource = resource;
      this.report = report;
    }

    void into(Message message, Place place) {
      if (place.depth() > MOST_DEPTH) {
        refuse(place.path(), "deeper than " + MOST_DEPTH, "messages in messages, but not so many");
        return;
      }
      for (Map.Entry<FieldDescriptor, Object> set : message.getAllFields().entrySet()) {
        field(set.getKey(), set.getValue(), place.at("." + set.getKey().getName()));
      }
      for (Integer number : message.getUnknownFields().asMap().keySet()) {
        unknown(message.getDescriptorForType().getFullName(), number, place);
      }
    }

    /** A newer control plane may know fields that the messages here do not have. */
    private void unknown(String message, int number, Place place) {
      FieldTable.Rule rule = table.rule(message + "." + number);
      switch (rule.fieldClass()) {
        case HONOURED, REFUSED ->
            refuse(
                place.path() + ".<" + number + ">",
                "set",
                "a field of " + message + " that is known here");
        case HARMLESS -> report.harmless(message + "." + number, rule.reason());
        case WAITING -> report.waiting(message + "." + number, rule.reason());
      }
    }

    private void field(FieldDescriptor field, Object value, Place place) {
      FieldTable.Rule rule = table.rule(field.getFullName());
      switch (rule.fieldClass()) {
        case HONOURED -> {
          if (!place.waiting()) {
            report.honoured(field.getFullName());
          }
          values(field, value, place);
        }
        case HARMLESS -> report.harmless(field.getFullName(), rule.reason());
        case WAITING -> {
          report.waiting(field.getFullName(), rule.reason());
          values(field, value, place.waits());
        }
        case REFUSED ->
            refuse(
                place.path(),
                isShown(field) ? shown(value) : "set",
                "not set: it is not supported");
      }
    }

    /**
     * Whether its value may be told: a scalar's that Envoy has not marked as sensitive. A message
     * may hold anything, however deep: keys, or the header with which a service is called.
     */
    private static boolean isShown(FieldDescriptor field) {
      return field.getJavaType() != FieldDescriptor.JavaType.MESSAGE
          && !field.getOptions().getExtension(Sensitive.sensitive);
    }

    private void values(FieldDescriptor field, Object value, Place place) {
      if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
        return;
      }
      if (field.isMapField()) {
        for (Object entry : (Collection<?>) value) {
          pair((Message) entry, place);
        }
      } else if (field.isRepeated()) {
        List<?> all = (List<?>) value;
        for (int i = 0; i < all.size(); i++) {
          nested((Message) all.get(i), place.at("[" + i + "]"));
        }
      } else {
        nested((Message) value, place);
      }
    }

    /** Of a map: generated messages and dynamic ones have entries of different classes. */
    private void pair(Message entry, Place place) {
      Descriptor type = entry.getDescriptorForType();
      Object key = entry.getField(type.findFieldByName("key"));
      if (entry.getField(type.findFieldByName("value")) instanceof Message value) {
        nested(value, place.at("[" + key + "]"));
      }
    }

    private void nested(Message message, Place place) {
      Descriptor type = message.getDescriptorForType();
      if (type.getFullName().equals(ANY)) {
        any(message, place);
      } else if (!type.getFullName().startsWith(VALUES)) {
        into(message, place.inside());
      }
    }

    private void any(Message message, Place place) {
      String url = "";
      try {
        Any any = Any.parseFrom(message.toByteString());
        url = any.getTypeUrl();
        if (types.knows(any)) {
          into(types.inspect(any), place.inside());
        } else {
          refuse(place.path(), url, "a type that is supported here");
        }
      } catch (InvalidProtocolBufferException e) {
        refuse(place.path(), "not readable", url.isEmpty() ? ANY : url);
      }
    }

    private void refuse(String path, String value, String expected) {
      report.refused("%s%s: %s (expected: %s)".formatted(resource, path, value, expected));
    }
  }
}
