package io.zoneproxy.cp.fields;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** {@code docs/xds-fields.md} is the table. With {@code ZONEPROXY_WRITE_DOCS=1} it is written. */
final class FieldsDocTest {
  private static final Path DOC = Path.of("..", "docs", "xds-fields.md");

  private static final String HEAD =
      """
      # Fields of the control plane's resources

      What becomes of each field that kuma-cp may set in a resource for a zone proxy. Made from
      `cp-client/src/main/resources/io/zoneproxy/cp/fields/fields.txt` (to write it anew:
      `ZONEPROXY_WRITE_DOCS=1 mvn -pl cp-client -am test -Dtest=FieldsDocTest -Dsurefire.failIfNoSpecifiedTests=false`).

      * **honoured**: it is acted upon.
      * **harmless**: it makes no difference to a connection; the reason says why.
      * **waiting**: it is known and kept, and what would act upon it is not there yet; the reason names that.
        What stands below a field that waits, waits too.
      * A field that stands nowhere here is **refused**, and its resource with it: the NACK, the log and
        `validate --snapshot` name it with its path. A value that is not supported is refused as well.

      """;

  private static String table() {
    Map<String, FieldTable.Rule> rules = FieldTable.load().rules();
    Map<String, StringBuilder> messages = new TreeMap<>();
    rules.forEach(
        (field, rule) -> {
          int dot = field.lastIndexOf('.');
          messages
              .computeIfAbsent(field.substring(0, dot), name -> new StringBuilder())
              .append(
                  "| `%s` | %s | %s |\n"
                      .formatted(field.substring(dot + 1), name(rule), rule.reason()));
        });
    StringBuilder text = new StringBuilder(HEAD);
    text.append("| class | fields |\n|---|---:|\n");
    for (FieldClass each : FieldClass.values()) {
      if (each != FieldClass.REFUSED) {
        long count = rules.values().stream().filter(rule -> rule.fieldClass() == each).count();
        text.append("| %s | %d |\n".formatted(each.name().toLowerCase(Locale.ROOT), count));
      }
    }
    messages.forEach(
        (message, rows) ->
            text.append("\n## ")
                .append(message)
                .append("\n\n| field | class | reason |\n|---|---|---|\n")
                .append(rows));
    return text.toString();
  }

  private static String name(FieldTable.Rule rule) {
    return rule.fieldClass().name().toLowerCase(Locale.ROOT);
  }

  @Test
  void theDocumentIsTheTable() throws IOException {
    if ("1".equals(System.getenv("ZONEPROXY_WRITE_DOCS"))) {
      Files.writeString(DOC, table());
    }
    assertThat(Files.readString(DOC)).isEqualTo(table());
  }
}
