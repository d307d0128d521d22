package io.zoneproxy.cp.fields;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.WireFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Compiles the table of fields, a type of message at a time. Any thread. */
final class Shapes {
  private static final int ANY_FORM =
      1 << WireFormat.WIRETYPE_VARINT
          | 1 << WireFormat.WIRETYPE_FIXED64
          | 1 << WireFormat.WIRETYPE_LENGTH_DELIMITED
          | 1 << WireFormat.WIRETYPE_FIXED32;

  /** Envoy's messages have some 60 fields; those with numbers beyond are left to the slow way. */
  private static final int MOST_NUMBER = 127;

  private final FieldTable table;
  private final KnownTypes types;
  private final Map<Descriptor, Shape> checked = new ConcurrentHashMap<>();
  private final Map<Descriptor, Shape> open = new ConcurrentHashMap<>();
  private final Map<String, Optional<Shape>> byUrl = new ConcurrentHashMap<>();

  Shapes(FieldTable table, KnownTypes types) {
    this.table = table;
    this.types = types;
  }

  /** Of a type whose fields count. */
  Shape of(Descriptor type) {
    return checked.computeIfAbsent(type, this::checked);
  }

  /** Of what a type URL names; null when that may not stand in an {@code Any}. */
  @Nullable Shape of(String url) {
    Optional<Shape> known = byUrl.get(url);
    if (known == null) {
      known = types.type(url).map(this::of);
      if (known.isPresent()) { // other people's URLs are not to be collected
        byUrl.put(url, known);
      }
    }
    return known.orElse(null);
  }

  private Shape checked(Descriptor type) {
    @Nullable Shape.Step[] steps = new Shape.Step[MOST_NUMBER + 1];
    for (int number = 1; number <= MOST_NUMBER; number++) {
      FieldDescriptor field = type.findFieldByNumber(number);
      String name = field == null ? type.getFullName() + "." + number : field.getFullName();
      FieldClass fieldClass = table.rule(name).fieldClass();
      if (field == null) {
        boolean passes = fieldClass == FieldClass.HARMLESS || fieldClass == FieldClass.WAITING;
        steps[number] = passes ? new Shape.Step(Shape.Kind.VALUE, ANY_FORM, true, null) : null;
      } else if (fieldClass == FieldClass.HARMLESS) {
        steps[number] = step(field, false);
      } else if (fieldClass != FieldClass.REFUSED) {
        steps[number] = step(field, true);
      }
    }
    return new Shape(steps, false);
  }

  /** Of a message whose fields do not count; its bytes must be one all the same. */
  private Shape open(Descriptor type) {
    return open.computeIfAbsent(
        type,
        any -> {
          @Nullable Shape.Step[] steps = new Shape.Step[MOST_NUMBER + 1];
          for (FieldDescriptor field : type.getFields()) {
            if (field.getNumber() <= MOST_NUMBER) {
              steps[field.getNumber()] = step(field, false);
            }
          }
          return new Shape(steps, true);
        });
  }

  private Shape.@Nullable Step step(FieldDescriptor field, boolean counts) {
    if (field.getType() == FieldDescriptor.Type.GROUP) {
      return null;
    }
    int form = 1 << field.getLiteType().getWireType();
    if (field.isPackable()) {
      form |= 1 << WireFormat.WIRETYPE_LENGTH_DELIMITED;
    }
    if (field.getJavaType() != JavaType.MESSAGE) {
      boolean text = field.getType() == FieldDescriptor.Type.STRING;
      return new Shape.Step(text ? Shape.Kind.TEXT : Shape.Kind.VALUE, form, true, null);
    }
    Descriptor type = field.getMessageType();
    boolean repeated = field.isRepeated();
    if (counts && field.isMapField()) {
      return new Shape.Step(Shape.Kind.MESSAGE, form, true, () -> entry(type));
    }
    if (counts && type.getFullName().equals(FieldCheck.ANY)) {
      return new Shape.Step(Shape.Kind.ANY, form, repeated, null);
    }
    boolean inside = counts && !type.getFullName().startsWith(FieldCheck.VALUES);
    return new Shape.Step(Shape.Kind.MESSAGE, form, repeated, () -> inside ? of(type) : open(type));
  }

  /** Of a map: the entry itself is not in the table. */
  private Shape entry(Descriptor type) {
    @Nullable Shape.Step[] steps = new Shape.Step[type.getFields().size() + 1];
    for (FieldDescriptor field : type.getFields()) {
      steps[field.getNumber()] = step(field, true);
    }
    return new Shape(steps, false);
  }
}
