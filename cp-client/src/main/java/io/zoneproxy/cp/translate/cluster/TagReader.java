package io.zoneproxy.cp.translate.cluster;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import io.zoneproxy.cp.translate.value.Interned;
import io.zoneproxy.cp.translate.value.Tags;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads the tags in an endpoint's metadata, each set of them once. For one thread. */
final class TagReader {
  // Of a map, and of its entries.
  private static final int ENTRY = 1 << 3 | 2;
  private static final int KEY = 1 << 3 | 2;
  private static final int VALUE = 2 << 3 | 2;
  private static final int TEXT = 3 << 3 | 2; // of a Value
  private static final int END = 0;

  /** Endpoints of a service come together, and both namespaces have the same tags. */
  private static final int MOST_KNOWN = 1024;

  private final Interned interned;
  private final Map<ByteString, Map<String, String>> known = new HashMap<>();
  private ByteString checked = ByteString.EMPTY;

  TagReader(Interned interned) {
    this.interned = interned;
  }

  /** Of both namespaces that count. */
  record Both(Map<String, String> tags, Map<String, String> tlsMatch) {
    static final Both NONE = new Both(Map.of(), Map.of());
  }

  Both read(CodedInputStream in) throws IOException {
    int limit = in.pushLimit(in.readRawVarint32());
    Map<String, String> lb = Map.of();
    Map<String, String> tls = Map.of();
    for (int tag = in.readTag(); tag != END; tag = in.readTag()) {
      if (tag != ENTRY) {
        throw new Unusual();
      }
      int entry = in.pushLimit(in.readRawVarint32());
      require(in, KEY);
      String namespace = in.readStringRequireUtf8();
      require(in, VALUE);
      if (namespace.equals(Tags.LB)) {
        lb = struct(in.readBytes());
      } else if (namespace.equals(Tags.TLS)) {
        tls = struct(in.readBytes());
      } else {
        check(in.readBytes());
      }
      require(in, END);
      in.popLimit(entry);
    }
    in.popLimit(limit);
    return new Both(lb, tls);
  }

  private static void require(CodedInputStream in, int tag) throws IOException {
    if (in.readTag() != tag) {
      throw new Unusual();
    }
  }

  /** Of another namespace: it changes nothing, but must be well-formed. */
  private void check(ByteString bytes) throws IOException {
    if (!bytes.equals(checked)) {
      texts(bytes);
      checked = bytes;
    }
  }

  private Map<String, String> struct(ByteString bytes) throws IOException {
    Map<String, String> before = known.get(bytes);
    if (before != null) {
      return before;
    }
    Map<String, String> read = interned.map(texts(bytes));
    if (known.size() >= MOST_KNOWN) {
      known.clear();
    }
    known.put(bytes, read);
    return read;
  }

  private static Map<String, String> texts(ByteString bytes) throws IOException {
    Map<String, String> texts = new LinkedHashMap<>();
    CodedInputStream in = bytes.newCodedInput();
    for (int tag = in.readTag(); tag != END; tag = in.readTag()) {
      if (tag != ENTRY) {
        throw new Unusual();
      }
      int entry = in.pushLimit(in.readRawVarint32());
      require(in, KEY);
      String key = in.readStringRequireUtf8();
      require(in, VALUE);
      int value = in.pushLimit(in.readRawVarint32());
      require(in, TEXT);
      texts.put(key, in.readStringRequireUtf8());
      require(in, END);
      in.popLimit(value);
      require(in, END);
      in.popLimit(entry);
    }
    return texts;
  }
}
