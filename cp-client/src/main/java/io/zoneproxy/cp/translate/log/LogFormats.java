package io.zoneproxy.cp.translate.log;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.SubstitutionFormatString;
import io.zoneproxy.core.model.log.LogFormat;
import io.zoneproxy.cp.translate.value.Problems;
import io.zoneproxy.cp.translate.value.Texts;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Forms of records. */
public final class LogFormats {
  private static final String NULL = "null"; // of JSON

  private LogFormats() {}

  /** A format; empty when it is none that is known, which is noted. */
  @SuppressWarnings("deprecation") // text_format is what its name says
  public static Optional<LogFormat> of(SubstitutionFormatString from, Problems problems) {
    boolean omit = from.getOmitEmptyValues();
    return switch (from.getFormatCase()) {
      case TEXT_FORMAT -> Optional.of(new LogFormat.Text(from.getTextFormat(), omit));
      case TEXT_FORMAT_SOURCE ->
          Texts.inline(from.getTextFormatSource(), problems.at("text_format_source"))
              .map(text -> new LogFormat.Text(text, omit));
      case JSON_FORMAT -> Optional.of(json(from.getJsonFormat(), omit));
      default -> {
        problems.add(from.getFormatCase(), "text_format_source or json_format");
        yield Optional.empty();
      }
    };
  }

  static LogFormat json(Struct from, boolean omitEmpty) {
    Map<String, LogFormat> members = new LinkedHashMap<>();
    from.getFieldsMap().forEach((name, value) -> members.put(name, json(value, omitEmpty)));
    return new LogFormat.Json(members, omitEmpty);
  }

  private static LogFormat json(Value from, boolean omitEmpty) {
    return switch (from.getKindCase()) {
      case STRING_VALUE -> new LogFormat.Text(from.getStringValue(), omitEmpty);
      case STRUCT_VALUE -> json(from.getStructValue(), omitEmpty);
      case LIST_VALUE ->
          new LogFormat.Array(
              from.getListValue().getValuesList().stream()
                  .map(each -> json(each, omitEmpty))
                  .toList());
      case NUMBER_VALUE -> new LogFormat.Literal(number(from.getNumberValue()));
      case BOOL_VALUE -> new LogFormat.Literal(Boolean.toString(from.getBoolValue()));
      case NULL_VALUE, KIND_NOT_SET -> new LogFormat.Literal(NULL);
    };
  }

  /** Whole numbers without a fraction. */
  static String number(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return NULL; // JSON has no word for them
    }
    return value == Math.rint(value) && Math.abs(value) < 1L << 53
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
