package io.zoneproxy.core.config.yaml;

import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** What a user wrote, as a message shows it: one line, not long, no control characters. */
public final class Shown {
  /**
   * An SNI in tag form or a SPIFFE identity still fits; a certificate pasted by mistake does not.
   */
  private static final int MAX_CHARS = 120;

  /** C0 controls end before the space; DEL and C1 run from here to 0x9f. */
  private static final int DEL = 0x7f;

  private static final int LAST_C1 = 0x9f;

  private Shown() {}

  /** Control characters as {@code ?}, and no more than fits a line. */
  public static String text(String text) {
    int end = Math.min(text.length(), MAX_CHARS);
    StringBuilder shown = new StringBuilder(end + 1);
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      if (c == '\n') {
        shown.append(' ');
      } else {
        shown.append(c < ' ' || (c >= DEL && c <= LAST_C1) ? '?' : c);
      }
    }
    return text.length() > MAX_CHARS ? shown.append('…').toString() : shown.toString();
  }

  /** A scalar as written, quotes included; {@code a list} and {@code a mapping} for the others. */
  public static String value(Node node) {
    if (node.getTag().equals(Tag.NULL)) {
      return "null";
    }
    if (node instanceof ScalarNode scalar) {
      String text = text(scalar.getValue());
      return scalar.getScalarStyle() == ScalarStyle.PLAIN ? text : '"' + text + '"';
    }
    return switch (node.getNodeType()) {
      case SEQUENCE -> "a list";
      case MAPPING -> "a mapping";
      default -> "an alias";
    };
  }
}
