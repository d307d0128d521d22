package io.zoneproxy.core.observe.access.format;

import io.zoneproxy.core.model.log.LogFormat;
import io.zoneproxy.core.observe.access.operator.LoggedConnection;
import io.zoneproxy.core.text.JsonWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A value of a record in JSON. */
sealed interface JsonForm {
  /** Writes the value. */
  void write(LoggedConnection connection, JsonWriter json);

  /**
   * Where in a format something is, and who wants to know what is wrong there.
   *
   * @param path "" for the whole
   */
  record Place(String path, List<String> problems) {
    Place at(String step) {
      return new Place(path.isEmpty() ? step : path + '.' + step, problems);
    }

    void problem(String text) {
      problems.add(path.isEmpty() ? text : path + ": " + text);
    }
  }

  /**
   * Compiles a format.
   *
   * @param omitEmpty of the object around it
   */
  static JsonForm of(LogFormat format, boolean omitEmpty, Place place) {
    if (format instanceof LogFormat.Text text) {
      Template template = Template.of(text.format(), place::problem);
      return new Value(template, omitEmpty ? "" : "-");
    } else if (format instanceof LogFormat.Json object) {
      Map<String, JsonForm> members = new LinkedHashMap<>();
      object
          .members()
          .forEach(
              (name, member) -> members.put(name, of(member, object.omitEmpty(), place.at(name))));
      return new Members(members, object.omitEmpty());
    } else if (format instanceof LogFormat.Array array) {
      List<JsonForm> elements = new ArrayList<>();
      for (LogFormat element : array.elements()) {
        elements.add(of(element, omitEmpty, place.at("[" + elements.size() + "]")));
      }
      return new Elements(List.copyOf(elements), omitEmpty);
    }
    return new Constant(((LogFormat.Literal) format).json());
  }

  /** A string, a number or null. */
  record Value(Template template, String absent) implements JsonForm {
    @Nullable Object of(LoggedConnection connection) {
      return template.value(connection, absent);
    }

    @Override
    public void write(LoggedConnection connection, JsonWriter json) {
      write(of(connection), json);
    }

    static void write(@Nullable Object value, JsonWriter json) {
      if (value instanceof Long number) {
        json.value(number.longValue());
      } else {
        json.value((String) value);
      }
    }
  }

  /** An object. */
  record Members(Map<String, JsonForm> members, boolean omitEmpty) implements JsonForm {
    @Override
    public void write(LoggedConnection connection, JsonWriter json) {
      json.beginObject();
      members.forEach(
          (name, member) -> {
            if (member instanceof Value text) {
              Object value = text.of(connection);
              if (value != null || !omitEmpty) {
                Value.write(value, json.name(name));
              }
            } else {
              member.write(connection, json.name(name));
            }
          });
      json.endObject();
    }
  }

  /** An array. */
  record Elements(List<JsonForm> elements, boolean omitEmpty) implements JsonForm {
    @Override
    public void write(LoggedConnection connection, JsonWriter json) {
      json.beginArray();
      for (JsonForm element : elements) {
        if (!(element instanceof Value text)) {
          element.write(connection, json);
          continue;
        }
        Object value = text.of(connection);
        if (value != null || !omitEmpty) {
          Value.write(value, json);
        }
      }
      json.endArray();
    }
  }

  /** The same in every record. */
  record Constant(String value) implements JsonForm {
    @Override
    public void write(LoggedConnection connection, JsonWriter json) {
      json.raw(value);
    }
  }
}
