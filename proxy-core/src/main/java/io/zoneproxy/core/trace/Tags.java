package io.zoneproxy.core.trace;

import java.util.Arrays;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The tags of a span, in order. A peer may have chosen the values, which are capped. */
public final class Tags {
  /** Longest value: a collector shows no more, and a queue of spans stays small. */
  static final int MAX_VALUE = 1024;

  private static final int FIRST_PAIRS = 24; // what a span has by itself, and Kuma's three

  private String[] pairs = new String[2 * FIRST_PAIRS];
  private int size;
  private int length;

  Tags() {}

  /** Adds one; nothing without a value. */
  void put(String name, @Nullable String value) {
    if (value == null) {
      return;
    }
    if (size == pairs.length) {
      pairs = Arrays.copyOf(pairs, 2 * size);
    }
    String kept = value.length() > MAX_VALUE ? value.substring(0, MAX_VALUE) : value;
    pairs[size++] = name;
    pairs[size++] = kept;
    length += name.length() + kept.length();
  }

  /** Characters of all names and values. */
  public int length() {
    return length;
  }

  /** Hands over all of them. */
  public void forEach(BiConsumer<String, String> to) {
    for (int i = 0; i < size; i += 2) {
      to.accept(pairs[i], pairs[i + 1]);
    }
  }

  /** The value of one, the last when there are several; null when there is none. */
  public @Nullable String get(String name) {
    for (int i = size - 2; i >= 0; i -= 2) {
      if (pairs[i].equals(name)) {
        return pairs[i + 1];
      }
    }
    return null;
  }
}
