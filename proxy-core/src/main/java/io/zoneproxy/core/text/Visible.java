package io.zoneproxy.core.text;

/**
 * Text of others as a log or a terminal may show it. Everything invisible (controls of C0 and C1,
 * DEL, separators of lines and paragraphs, marks that reverse the direction of text and other
 * formats, halves of surrogate pairs) is written as {@code \xNN}, above FF as {@code \}{@code
 * uNNNN}: it ends no line, and a terminal obeys nothing in it.
 */
public final class Visible {
  private static final char[] HEX = "0123456789ABCDEF".toCharArray();

  /** The last code point that two digits can say. */
  private static final int TWO_DIGITS = 0xFF;

  private Visible() {}

  /**
   * Whether it may be shown as it is: it ends no line, is no half of a pair, and is nothing that a
   * terminal would obey.
   *
   * @param point a code point
   */
  public static boolean is(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          false;
      default -> true;
    };
  }

  /** One line; a backslash stands as it is. The same text when there is nothing to escape. */
  public static String line(String text) {
    if (isPlain(text) || text.codePoints().allMatch(Visible::is)) {
      return text;
    }
    StringBuilder shown = new StringBuilder(text.length() + 16); // room for a few escapes
    text.codePoints()
        .forEach(
            point -> {
              if (is(point)) {
                shown.appendCodePoint(point);
              } else {
                appendEscaped(shown, point);
              }
            });
    return shown.toString();
  }

  /** Nearly all is: a page of 100,000 clusters asks this of millions of texts. */
  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~') {
        return false;
      }
    }
    return true;
  }

  /** Appends a code point escaped, whether it needs it or not. */
  public static void appendEscaped(StringBuilder out, int point) {
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
