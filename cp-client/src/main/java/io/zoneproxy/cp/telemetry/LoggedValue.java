package io.zoneproxy.cp.telemetry;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.zoneproxy.core.model.log.LogFormat;
import io.zoneproxy.core.observe.access.format.RecordFormat;
import io.zoneproxy.core.observe.access.operator.LoggedConnection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A part of a record, compiled: texts are filled in, their structure stays as configured. */
@FunctionalInterface
interface LoggedValue {
  /** What it is of one record. */
  AnyValue of(LoggedConnection connection);

  /**
   * Compiles one.
   *
   * @throws IllegalArgumentException when it is not understood; it was checked before
   */
  static LoggedValue of(LogFormat format) {
    if (format instanceof LogFormat.Text text) {
      return text(text);
    } else if (format instanceof LogFormat.Json json) {
      return members(json);
    } else if (format instanceof LogFormat.Array array) {
      return elements(array);
    }
    AnyValue literal = literal(((LogFormat.Literal) format).json());
    return connection -> literal;
  }

  private static LoggedValue text(LogFormat.Text text) {
    if (text.format().isEmpty()) { // as it stands: there is no default here
      return connection -> AnyValue.newBuilder().setStringValue("").build();
    }
    RecordFormat format = RecordFormat.of(text);
    return connection -> {
      StringBuilder out = new StringBuilder();
      format.append(connection, out);
      return AnyValue.newBuilder().setStringValue(out.toString()).build();
    };
  }

  private static LoggedValue members(LogFormat.Json json) {
    Map<String, LoggedValue> members = new LinkedHashMap<>();
    json.members().forEach((name, format) -> members.put(name, of(format)));
    return connection -> {
      KeyValueList.Builder list = KeyValueList.newBuilder();
      members.forEach(
          (name, value) ->
              list.addValues(KeyValue.newBuilder().setKey(name).setValue(value.of(connection))));
      return AnyValue.newBuilder().setKvlistValue(list).build();
    };
  }

  private static LoggedValue elements(LogFormat.Array array) {
    List<LoggedValue> elements = array.elements().stream().map(LoggedValue::of).toList();
    return connection -> {
      ArrayValue.Builder list = ArrayValue.newBuilder();
      elements.forEach(element -> list.addValues(element.of(connection)));
      return AnyValue.newBuilder().setArrayValue(list).build();
    };
  }

  private static AnyValue literal(String json) {
    AnyValue.Builder value = AnyValue.newBuilder();
    return switch (json) {
      case "null" -> value.build();
      case "true", "false" -> value.setBoolValue(json.equals("true")).build();
      default ->
          json.matches("-?[0-9]{1,18}")
              ? value.setIntValue(Long.parseLong(json)).build()
              : value.setDoubleValue(Double.parseDouble(json)).build();
    };
  }
}
