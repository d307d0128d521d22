package io.zoneproxy.core.config.kuma.policy;

import io.zoneproxy.core.config.yaml.Fields;
import io.zoneproxy.core.model.log.LogFormat;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the body of a record for OpenTelemetry: a text, or a value as its protocol writes it in
 * JSON. As deep as YAML may be.
 */
final class BodyReader {
  private static final String EXPECTED =
      "one of stringValue, intValue, doubleValue, boolValue, kvlistValue, arrayValue";

  /** What is exact in a number of JSON, and more than a record counts. */
  private static final int MOST = 1_000_000_000;

  private static final List<String> KINDS =
      List.of("stringValue", "intValue", "doubleValue", "boolValue", "kvlistValue", "arrayValue");

  private BodyReader() {}

  static Optional<LogFormat> read(Fields fields, String name) {
    return fields.hasText(name)
        ? Optional.of(new LogFormat.Text(fields.text(name)))
        : fields.mapping(name).flatMap(BodyReader::value);
  }

  private static Optional<LogFormat> value(Fields fields) {
    fields.known(KINDS);
    List<String> said = KINDS.stream().filter(fields::has).toList();
    if (said.size() != 1) {
      fields.error("", (said.isEmpty() ? "none" : "several") + " (expected: " + EXPECTED + ")");
      return Optional.empty();
    }
    String kind = said.get(0);
    return switch (kind) {
      case "stringValue" -> Optional.of(new LogFormat.Text(fields.text(kind)));
      case "intValue" -> Optional.of(literal(fields.number(kind, -MOST, MOST, 0)));
      case "boolValue" -> Optional.of(literal(fields.flag(kind, false)));
      case "doubleValue" ->
          fields.decimal(kind, MOST).map(BigDecimal::toPlainString).map(BodyReader::literal);
      case "kvlistValue" -> fields.mapping(kind).map(BodyReader::members);
      default -> fields.mapping(kind).map(BodyReader::elements);
    };
  }

  private static LogFormat literal(Object value) {
    return new LogFormat.Literal(value.toString());
  }

  private static LogFormat members(Fields list) {
    list.known(List.of("values"));
    Map<String, LogFormat> members = new LinkedHashMap<>();
    for (Fields each : list.mappings("values")) {
      each.known(List.of("key", "value"));
      String key = each.requiredText("key", "a name");
      each.requiredMapping("value")
          .flatMap(BodyReader::value)
          .ifPresent(format -> members.put(key, format));
    }
    return new LogFormat.Json(members, false);
  }

  private static LogFormat elements(Fields list) {
    list.known(List.of("values"));
    List<LogFormat> elements = new ArrayList<>();
    list.mappings("values").forEach(each -> value(each).ifPresent(elements::add));
    return new LogFormat.Array(elements);
  }
}
