package io.zoneproxy.core.config.yaml;

/**
 * JSON indented by tabs: JSON allows them, YAML does too where indentation carries no meaning, the
 * YAML library does not.
 */
final class JsonTabs {
  private JsonTabs() {}

  /**
   * Puts a space for each tab outside quotes, if the text looks like JSON; lines and columns stay
   * as they are. Other text comes back unchanged: in block YAML such a tab is a mistake to report.
   */
  static String toSpaces(String text) {
    if (!looksLikeJson(text) || text.indexOf('\t') < 0) {
      return text;
    }
    char[] chars = text.toCharArray();
    boolean quoted = false;
    for (int i = 0; i < chars.length; i++) {
      switch (chars[i]) {
        case '"' -> quoted = !quoted;
        case '\\' -> i += quoted ? 1 : 0; // an escaped quote ends nothing
        case '\t' -> chars[i] = quoted ? '\t' : ' ';
        default -> {}
      }
    }
    return new String(chars);
  }

  private static boolean looksLikeJson(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '{' || c == '[') {
        return true;
      }
      if (c != ' ' && c != '\t' && c != '\r' && c != '\n') {
        return false;
      }
    }
    return false;
  }
}
