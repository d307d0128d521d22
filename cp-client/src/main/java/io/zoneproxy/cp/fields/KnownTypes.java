package io.zoneproxy.cp.fields;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The messages that may stand in an {@code Any}; others are refused by the name of their type. */
public final class KnownTypes {
  private final Map<String, Message> byUrl = new LinkedHashMap<>();
  private final TypeRegistry registry;

  /**
   * @param defaults one of each type
   */
  public KnownTypes(List<Message> defaults) {
    TypeRegistry.Builder types = TypeRegistry.newBuilder();
    for (Message each : defaults) {
      byUrl.put("type.googleapis.com/" + each.getDescriptorForType().getFullName(), each);
      types.add(each.getDescriptorForType());
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
    Message known = byUrl.get(any.getTypeUrl());
    if (known == null) {
      throw new InvalidProtocolBufferException("type " + any.getTypeUrl());
    }
    return known.getParserForType().parseFrom(any.getValue());
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
