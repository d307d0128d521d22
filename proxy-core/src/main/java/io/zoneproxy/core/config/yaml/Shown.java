package io.zoneproxy.core.config.yaml;

import io.zoneproxy.core.text.Visible;
import java.util.List;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** What a user wrote, as a message shows it: one line, not long, all of it visible. */
public final class Shown {
  /**
   * An SNI in tag form or a SPIFFE identity still fits; a certificate pasted by mistake does not.
   */
  private static final int MAX_CHARS = 120;

  /** PEM as it is, and in Base64: it may be a key, of which nothing is shown. */
  private static final List<String> PEM = List.of("-----BEGIN", "LS0tLS1CRUdJTi");

  private Shown() {}

  /** Blanks for ends of lines, all else that is invisible escaped, and no more than fits a line. */
  public static String text(String text) {
    if (PEM.stream().anyMatch(text::contains)) {
      return "(PEM)";
    }
    int end = Math.min(text.length(), MAX_CHARS);
    String shown = Visible.line(text.substring(0, end).replace('\n', ' '));
    return text.length() > MAX_CHARS ? shown + '…' : shown;
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
