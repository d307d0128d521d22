package io.zoneproxy.core.observe.access.operator;

import io.zoneproxy.core.text.Visible;

/**
 * Text of others as a log shows it.
 *
 * <p>The rule for records in text: in every value that an operator puts in, quotes, backslashes and
 * everything invisible are escaped as {@link Visible} does it. So a value can end neither a line
 * nor the quotes that a format sets around it, and an escape is never a peer's own. In a server
 * name, which is one word, blanks are escaped too. What the format itself says stands as it is.
 */
public final class ShownText {
  /** The longest names of services are half as long; a client may send 1,024 bytes. */
  public static final int MAX_SERVER_NAME = 256;

  /** Room for an operating system's error text with an address in it. */
  public static final int MAX_DETAIL = 512;

  private ShownText() {}

  /** Cuts with an ellipsis, and never through a surrogate pair. */
  public static String capped(String text, int max) {
    return text.length() <= max ? text : cut(text, max) + '…';
  }

  /** At most so many characters; one less where a surrogate pair would be cut. */
  public static String cut(String text, int max) {
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
  public static void append(StringBuilder out, String value, boolean oneWord) {
    for (int i = 0; i < value.length(); ) {
      int point = value.codePointAt(i);
      i += Character.charCount(point);
      if (isPlain(point, oneWord)) {
        out.appendCodePoint(point);
      } else {
        Visible.appendEscaped(out, point);
      }
    }
  }

  private static boolean isPlain(int point, boolean oneWord) {
    if (point == '"' || point == '\\' || (oneWord && Character.isSpaceChar(point))) {
      return false;
    }
    return Visible.is(point);
  }
}
