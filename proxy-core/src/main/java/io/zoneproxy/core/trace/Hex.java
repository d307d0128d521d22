package io.zoneproxy.core.trace;

/** Ids of traces and spans as text. */
final class Hex {
  /** Digits of 64 bits. */
  static final int LONG = 16;

  private static final int DIGIT_BITS = 4;
  private static final int DIGIT_MASK = 0xF;

  private Hex() {}

  /** Appends 64 bits as 16 digits. */
  static StringBuilder append(StringBuilder out, long bits) {
    for (int shift = Long.SIZE - DIGIT_BITS; shift >= 0; shift -= DIGIT_BITS) {
      out.append(Character.forDigit((int) (bits >>> shift) & DIGIT_MASK, LONG));
    }
    return out;
  }

  /** 64 bits as 16 digits. */
  static String of(long bits) {
    return append(new StringBuilder(LONG), bits).toString();
  }

  /** Whether there are only digits between two positions. */
  static boolean isHex(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (Character.digit(text.charAt(i), LONG) < 0) {
        return false;
      }
    }
    return true;
  }

  /** The digits between two positions, at most 16 of them. */
  static long parse(String text, int from, int to) {
    return Long.parseUnsignedLong(text, from, to, LONG);
  }
}
