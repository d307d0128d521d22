package io.zoneproxy.cp.dump;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import io.zoneproxy.cp.fields.KnownTypes;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import udpa.annotations.Sensitive;

/**
 * Looks for secrets in the bytes of a message, without reading it: a listener with 100,000 chains
 * has none, and would take a second and hundreds of megabytes. Any thread.
 */
final class SecretScan {
  private static final int URL_TAG = Any.TYPE_URL_FIELD_NUMBER << 3 | 2;
  private static final int VALUE_TAG = Any.VALUE_FIELD_NUMBER << 3 | 2;
  private static final int END = 0;

  /** As deep as protobuf reads a message. */
  private static final int MOST_DEPTH = 100;

  private final KnownTypes types;
  private final Map<FieldDescriptor, Way> ways = new ConcurrentHashMap<>();

  SecretScan(KnownTypes types) {
    this.types = types;
  }

  /** What to do with a field. */
  private enum Way {
    SKIP,
    LOOK_INTO,
    STOP
  }

  /**
   * Whether there is no secret in it.
   *
   * @return false also when that is not seen at once
   */
  boolean none(Descriptor type, ByteString bytes) {
    try {
      return none(bytes.newCodedInput(), type, 0);
    } catch (IOException e) {
      return false;
    }
  }

  private boolean none(CodedInputStream in, Descriptor type, int depth) throws IOException {
    if (depth > MOST_DEPTH) {
      return false;
    }
    for (int tag = in.readTag(); tag != END; tag = in.readTag()) {
      FieldDescriptor field = type.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
      Way way = field == null ? Way.SKIP : ways.computeIfAbsent(field, SecretScan::way);
      boolean well =
          switch (way) {
            case SKIP -> in.skipField(tag);
            case LOOK_INTO -> within(in, tag, field, depth + 1);
            case STOP -> false;
          };
      if (!well) {
        return false;
      }
    }
    return true;
  }

  private boolean within(CodedInputStream in, int tag, FieldDescriptor field, int depth)
      throws IOException {
    if (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
      return false;
    }
    int limit = in.pushLimit(in.readRawVarint32());
    Descriptor type = field.getMessageType();
    boolean none = isAny(type) ? any(in, depth) : none(in, type, depth);
    if (none) {
      in.popLimit(limit);
    }
    return none;
  }

  /** The type, then the message: so everybody writes it. */
  private boolean any(CodedInputStream in, int depth) throws IOException {
    if (in.readTag() != URL_TAG) {
      return false;
    }
    Optional<Descriptor> type = types.type(in.readStringRequireUtf8());
    int next = in.readTag();
    if (type.isPresent() && next == VALUE_TAG) {
      int limit = in.pushLimit(in.readRawVarint32());
      if (!none(in, type.get(), depth)) {
        return false;
      }
      in.popLimit(limit);
      next = in.readTag();
    }
    return type.isPresent() && next == END;
  }

  private static Way way(FieldDescriptor field) {
    if (isSecret(field)) {
      return Way.STOP;
    }
    boolean message = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
    return message && mayHold(field.getMessageType()) ? Way.LOOK_INTO : Way.SKIP;
  }

  static boolean isSecret(FieldDescriptor field) {
    return field.getOptions().getExtension(Sensitive.sensitive);
  }

  private static boolean isAny(Descriptor type) {
    return type.getFullName().equals(Any.getDescriptor().getFullName());
  }

  /** Whether it, or any message that may stand in it, has a field for a secret, or anything. */
  private static boolean mayHold(Descriptor type) {
    Set<Descriptor> met = new HashSet<>(Set.of(type));
    Deque<Descriptor> open = new ArrayDeque<>(met);
    while (!open.isEmpty()) {
      Descriptor next = open.remove();
      if (isAny(next)) {
        return true;
      }
      for (FieldDescriptor field : next.getFields()) {
        if (isSecret(field)) {
          return true;
        }
        if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
            && met.add(field.getMessageType())) {
          open.add(field.getMessageType());
        }
      }
    }
    return false;
  }
}
