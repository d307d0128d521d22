package io.zoneproxy.cp.dump;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.zoneproxy.cp.fields.KnownTypes;
import java.util.List;
import java.util.Map;

/**
 * Puts another text in the place of every secret in a message, also inside {@code Any}. What is
 * secret is said by Envoy's own annotation of the field ({@code udpa.annotations.sensitive}), as in
 * Envoy's dumps. Immutable; any thread.
 */
public final class SensitiveFields {
  /** What Envoy's dumps have in its place. */
  public static final String REDACTED = "[redacted]";

  private final KnownTypes types;
  private final String replacement;
  private final SecretScan scan;

  /**
   * @param types that may stand in an {@code Any}; another is shown without its content
   * @param replacement of each secret text
   */
  public SensitiveFields(KnownTypes types, String replacement) {
    this.types = types;
    this.replacement = replacement;
    this.scan = new SecretScan(types);
  }

  /**
   * Whether {@link #replaced} would change nothing in the message that these bytes are.
   *
   * @return false also when that is not seen at once
   */
  public boolean none(Descriptor type, ByteString bytes) {
    return scan.none(type, bytes);
  }

  /** The message without its secrets; the same object when it has none. */
  public Message replaced(Message message) {
    return replaced(message, false);
  }

  private Message replaced(Message message, boolean secret) {
    if (message instanceof Any any && !secret) {
      return any(any);
    }
    Message.Builder changed = null;
    for (Map.Entry<FieldDescriptor, Object> set : message.getAllFields().entrySet()) {
      FieldDescriptor field = set.getKey();
      Object before = set.getValue();
      Object after = value(field, before, secret || SecretScan.isSecret(field));
      if (after != before) {
        changed = changed == null ? message.toBuilder() : changed;
        changed.setField(field, after);
      }
    }
    return changed == null ? message : changed.build();
  }

  private Object value(FieldDescriptor field, Object value, boolean secret) {
    if (field.isRepeated()) {
      List<?> before = (List<?>) value;
      List<Object> after = before.stream().map(each -> single(each, secret)).toList();
      for (int i = 0; i < after.size(); i++) {
        if (after.get(i) != before.get(i)) {
          return after;
        }
      }
      return value;
    }
    return single(value, secret);
  }

  private Object single(Object value, boolean secret) {
    if (value instanceof Message message) {
      return replaced(message, secret);
    }
    if (secret && value instanceof String) {
      return replacement;
    }
    return secret && value instanceof ByteString ? ByteString.copyFromUtf8(replacement) : value;
  }

  private Any any(Any packed) {
    if (!types.knows(packed)) {
      return Any.newBuilder().setTypeUrl(packed.getTypeUrl()).build(); // who knows what is in it
    }
    try {
      Message before = types.unpack(packed);
      Message after = replaced(before);
      return after == before ? packed : packed.toBuilder().setValue(after.toByteString()).build();
    } catch (InvalidProtocolBufferException e) {
      return Any.newBuilder().setTypeUrl(packed.getTypeUrl()).build();
    }
  }
}
