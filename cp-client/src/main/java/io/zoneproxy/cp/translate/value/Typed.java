package io.zoneproxy.cp.translate.value;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.util.Optional;

/** What stands in an {@code Any}. */
public final class Typed {
  private Typed() {}

  /** The full name of the message in it; "" when it says nothing. */
  public static String type(Any from) {
    return from.getTypeUrl().substring(from.getTypeUrl().lastIndexOf('/') + 1);
  }

  /** Whether it holds a message of this type. */
  public static boolean is(Any from, Descriptor type) {
    return type(from).equals(type.getFullName());
  }

  /**
   * The message in it, which must be of this type; empty when it is not, which is noted.
   *
   * @param parser of the type
   */
  public static <M extends Message> Optional<M> read(
      Any from, Descriptor type, Parser<M> parser, Problems problems) {
    if (!is(from, type)) {
      problems.add(named(from), type.getFullName());
      return Optional.empty();
    }
    try {
      return Optional.of(parser.parseFrom(from.getValue()));
    } catch (InvalidProtocolBufferException e) {
      problems.add("not readable: " + e.getMessage(), type(from));
      return Optional.empty();
    }
  }

  /** For messages: its type, or that it has none. */
  public static String named(Any from) {
    return from.getTypeUrl().isEmpty() ? "no typed_config" : "type " + type(from);
  }
}
