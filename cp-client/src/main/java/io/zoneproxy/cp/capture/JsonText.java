package io.zoneproxy.cp.capture;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.internal.LazilyParsedNumber;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;

/** Reads JSON of any origin into memory, within bounds. One thread. */
final class JsonText {
  /** Protobuf's own reader goes no deeper; kuma-cp's resources have some 30 levels. */
  private static final int MOST_DEPTH = 100;

  /**
   * Values in one text. A route costs some 45 of them (chain, cluster, endpoint), so that there may
   * be 100,000; each costs up to 80 bytes of memory, 400 MB in all.
   */
  private static final int MOST_VALUES = 5_000_000;

  /** Of one name or value; all of a system's CAs in PEM have a quarter of a million. */
  private static final int MOST_CHARS = 8 << 20;

  private static final int MOST_SHOWN = 80; // characters of a path in a message

  private final JsonReader in;
  private final Counted text;
  private int values;

  private JsonText(Reader text) {
    this.text = new Counted(text);
    in = new JsonReader(this.text);
    in.setStrictness(Strictness.STRICT);
    in.setNestingLimit(MOST_DEPTH);
  }

  /** Stops a string without an end: the parser would hold all of it. */
  private static final class Counted extends FilterReader {
    private long chars; // since the last value

    Counted(Reader text) {
      super(text);
    }

    @Override
    public int read(char[] into, int offset, int length) throws IOException {
      int count = super.read(into, offset, length);
      chars += Math.max(count, 0);
      if (chars > MOST_CHARS) {
        throw new IllegalArgumentException(
            "a name or value of more than %,d characters in it (expected: one proxy's resources)"
                .formatted(MOST_CHARS));
      }
      return count;
    }
  }

  /**
   * Reads one value, and nothing may come after it.
   *
   * @throws IllegalArgumentException when it is no JSON, or beyond the bounds; says where
   * @throws IOException when the text cannot be read
   */
  static JsonElement read(Reader text) throws IOException {
    JsonText json = new JsonText(text);
    try {
      JsonElement value = json.value();
      if (json.in.peek() != JsonToken.END_DOCUMENT) {
        throw new MalformedJsonException("something comes after it");
      }
      return value;
    } catch (MalformedJsonException | EOFException | NumberFormatException e) {
      throw new IllegalArgumentException(
          "no JSON at %s (expected: one JSON object)".formatted(json.place()), e);
    }
  }

  private String place() {
    String path = in.getPath();
    return path.length() > MOST_SHOWN ? path.substring(0, MOST_SHOWN) + "…" : path;
  }

  private JsonElement value() throws IOException {
    values++;
    text.chars = 0;
    if (values > MOST_VALUES) {
      throw new IllegalArgumentException(
          "more than %,d values in it (expected: one proxy's resources)".formatted(MOST_VALUES));
    }
    return switch (in.peek()) {
      case BEGIN_OBJECT -> object();
      case BEGIN_ARRAY -> array();
      case STRING -> new JsonPrimitive(in.nextString());
      case NUMBER -> new JsonPrimitive(new LazilyParsedNumber(in.nextString()));
      case BOOLEAN -> new JsonPrimitive(in.nextBoolean());
      case NULL -> {
        in.nextNull();
        yield JsonNull.INSTANCE;
      }
      default -> throw new MalformedJsonException("a value is missing");
    };
  }

  private JsonObject object() throws IOException {
    JsonObject object = new JsonObject();
    in.beginObject();
    while (in.hasNext()) {
      String name = in.nextName();
      if (object.has(name)) {
        throw new IllegalArgumentException(
            "%s: twice (expected: each name once)".formatted(place()));
      }
      object.add(name, value());
    }
    in.endObject();
    return object;
  }

  private JsonArray array() throws IOException {
    JsonArray array = new JsonArray();
    in.beginArray();
    while (in.hasNext()) {
      array.add(value());
    }
    in.endArray();
    return array;
  }
}
