package io.zoneproxy.cp.fields;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import io.zoneproxy.cp.resource.ResourceType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The messages that may stand in an {@code Any}; others are refused by the name of their type.
 * Immutable; any thread.
 */
public final class KnownTypes {
  private final Map<String, MessageType<?>> byUrl = new LinkedHashMap<>();
  private final Map<String, Descriptor> newer; // by URL: with fields that byUrl lacks
  private final TypeRegistry registry;

  /**
   * @param all each once
   */
  KnownTypes(List<MessageType<?>> all) {
    TypeRegistry.Builder types = TypeRegistry.newBuilder();
    newer = new LinkedHashMap<>();
    for (Descriptor each : LaterFields.types()) {
      newer.put(ResourceType.URL_PREFIX + each.getFullName(), each);
      types.add(each); // before those of the same name: the first one counts
    }
    for (MessageType<?> each : all) {
      byUrl.put(ResourceType.URL_PREFIX + each.descriptor().getFullName(), each);
      types.add(each.descriptor());
    }
    registry = types.build();
  }

  /** Whether a message of this type can be read. */
  public boolean knows(Any any) {
    return byUrl.containsKey(any.getTypeUrl());
  }

  /**
   * Reads what is in it.
   *
   * @throws InvalidProtocolBufferException when its bytes are none, or of a type not known
   */
  public Message unpack(Any any) throws InvalidProtocolBufferException {
    MessageType<?> known = byUrl.get(any.getTypeUrl());
    if (known == null) {
      throw new InvalidProtocolBufferException("type " + any.getTypeUrl());
    }
    return known.parser().parseFrom(any.getValue());
  }

  /**
   * Reads what is in it for looking at it: with the fields by name that {@link #unpack} has among
   * the unknown ones only.
   */
  Message inspect(Any any) throws InvalidProtocolBufferException {
    Descriptor type = newer.get(any.getTypeUrl());
    return type == null ? unpack(any) : DynamicMessage.parseFrom(type, any.getValue());
  }

  /** The type behind a URL, with all its fields; empty when it is not known. */
  public Optional<Descriptor> type(String url) {
    MessageType<?> known = byUrl.get(url);
    return known == null
        ? Optional.empty()
        : Optional.of(newer.getOrDefault(url, known.descriptor()));
  }

  /** All of them, with all their fields. */
  List<Descriptor> all() {
    return byUrl.keySet().stream().flatMap(url -> type(url).stream()).toList();
  }

  /** Reads proto-JSON in which these types occur. */
  public JsonFormat.Parser jsonParser() {
    return JsonFormat.parser().usingTypeRegistry(registry);
  }

  /** Writes proto-JSON in which these types occur. */
  public JsonFormat.Printer jsonPrinter() {
    return JsonFormat.printer().usingTypeRegistry(registry);
  }
}
