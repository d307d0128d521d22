package io.zoneproxy.cp.translate.value;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.util.Optional;

/** What stands in an {@code Any}. */
public final class Typed {
  private Typed() {}

  /** The full name of the message in it; "" when it says nothing. */
  public static String type(Any from) {
    return from.getTypeUrl().substring(from.getTypeUrl().lastIndexOf('/') + 1);
  }

  /** Whether it holds a message like this one. */
  public static boolean is(Any from, Message like) {
    return type(from).equals(like.getDescriptorForType().getFullName());
  }

  /** The message in it, which must be like this one; empty when it is not, which is noted. */
  @SuppressWarnings("unchecked") // the parser is that of the class of like
  public static <M extends Message> Optional<M> read(Any from, M like, Problems problems) {
    if (!is(from, like)) {
      problems.add(named(from), like.getDescriptorForType().getFullName());
      return Optional.empty();
    }
    try {
      return Optional.of((M) like.getParserForType().parseFrom(from.getValue()));
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
