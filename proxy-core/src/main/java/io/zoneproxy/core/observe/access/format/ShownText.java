package io.zoneproxy.core.observe.access.format;

import io.zoneproxy.core.observe.JsonWriter;

/**
 * Text of others as a log shows it.
 *
 * <p>The rule for records in text: in every value that an operator puts in, quotes, backslashes and
 * everything invisible (controls of C0 and C1, DEL, separators of lines and paragraphs, marks that
 * reverse the direction of text, halves of surrogate pairs) is written as {@code \xNN}, above FF as
 * {@code \}{@code uNNNN}. So a value can end neither a line nor the quotes that a format sets
 * around it, and an escape is never a peer's own. In a server name, which is one word, blanks are
 * escaped too. What the format itself says stands as it is.
 */
public final class ShownText {
  /** The longest names of services are half as long; a client may send 1,024 bytes. */
  public static final int MAX_SERVER_NAME = 256;

  /** Room for an operating system's error text with an address in it. */
  public static final int MAX_DETAIL = 512;

  private static final char[] HEX = "0123456789ABCDEF".toCharArray();

  /** The last code point that two digits can say. */
  private static final int TWO_DIGITS = 0xFF;

  private ShownText() {}

  /** Cuts with an ellipsis, and never through a surrogate pair. */
  public static String capped(String text, int max) {
    return text.length() <= max ? text : cut(text, max) + '…';
  }

  /** At most so many characters; one less where a surrogate pair would be cut. */
  static String cut(String text, int max) {
    if (text.length() <= max) {
      return text;
    }
    int end = max > 0 && Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max;
    return text.substring(0, end);
  }

  /**
   * Appends a value by the rule of this class.
   *
   * @param oneWord escapes blanks too
   */
  static void append(StringBuilder out, String value, boolean oneWord) {
    for (int i = 0; i < value.length(); ) {
      int point = value.codePointAt(i);
      i += Character.charCount(point);
      if (isPlain(point, oneWord)) {
        out.appendCodePoint(point);
      } else {
        appendEscaped(out, point);
      }
    }
  }

  private static boolean isPlain(int point, boolean oneWord) {
    if (point == '"' || point == '\\' || (oneWord && Character.isSpaceChar(point))) {
      return false;
    }
    return JsonWriter.isVisible(point);
  }

  private static void appendEscaped(StringBuilder out, int point) {
    if (point <= TWO_DIGITS) {
      out.append("\\x").append(digit(point, 1)).append(digit(point, 0));
      return;
    }
    for (char unit : Character.toChars(point)) {
      out.append("\\u");
      for (int place = 3; place >= 0; place--) { // four digits
        out.append(digit(unit, place));
      }
    }
  }

  private static char digit(int value, int place) {
    return HEX[(value >> (place * 4)) & 0xF]; // four bits a digit
  }
}
