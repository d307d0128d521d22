package io.zoneproxy.ingress.policy;

import io.zoneproxy.core.model.log.LogFormat;
import io.zoneproxy.core.resource.policy.Settings;
import java.util.LinkedHashMap;
import java.util.Map;

/** Forms of records as a MeshAccessLog has them. */
final class LogForms {
  /** Kuma's for connections; at a zone proxy it has no other one for requests. */
  private static final String DEFAULT =
      "[%START_TIME%] %RESPONSE_FLAGS% %KUMA_MESH% %KUMA_SOURCE_ADDRESS_WITHOUT_PORT%"
          + "(%KUMA_SOURCE_SERVICE%)->%UPSTREAM_HOST%(%KUMA_DESTINATION_SERVICE%) took"
          + " %DURATION%ms, sent %BYTES_SENT% bytes, received: %BYTES_RECEIVED% bytes";

  private final KumaValues values;

  LogForms(KumaValues values) {
    this.values = values;
  }

  /**
   * A line for a file.
   *
   * @param format the section; of nothing when it is not there
   */
  LogFormat line(Settings backend, String format) {
    boolean omit = backend.flag(format + ".omitEmptyValues");
    if (!backend.text(format + ".type").orElse("").equals("Json")) {
      String text = backend.text(format + ".plain").orElse(DEFAULT);
      return new LogFormat.Text(values.in(text + "\n"), omit);
    }
    Map<String, LogFormat> members = new LinkedHashMap<>();
    backend
        .parts(format + ".json")
        .forEach(
            part ->
                members.put(
                    part.text("key").orElse(""),
                    new LogFormat.Text(values.in(part.text("value").orElse("")), omit)));
    return new LogFormat.Json(members, omit);
  }

  /** A line for a collector behind TCP, in the form by which kuma-dp is told where to send it. */
  LogFormat forwarded(Settings backend, String section) {
    boolean omit = backend.flag(section + ".format.omitEmptyValues");
    Map<String, LogFormat> members = new LinkedHashMap<>();
    members.put("address", new LogFormat.Text(backend.text(section + ".address").orElse(""), omit));
    members.put("message", line(backend, section + ".format"));
    return new LogFormat.Json(members, omit);
  }

  /** The body of a record for OpenTelemetry. */
  LogFormat body(Settings backend, String body) {
    return backend.format(body).map(this::filled).orElseGet(() -> text(DEFAULT));
  }

  /** A text without a line break. */
  LogFormat text(String format) {
    return new LogFormat.Text(values.in(format));
  }

  private LogFormat filled(LogFormat format) {
    if (format instanceof LogFormat.Text text) {
      return text(text.format());
    } else if (format instanceof LogFormat.Array array) {
      return new LogFormat.Array(array.elements().stream().map(this::filled).toList());
    } else if (format instanceof LogFormat.Json object) {
      Map<String, LogFormat> members = new LinkedHashMap<>();
      object.members().forEach((name, each) -> members.put(values.in(name), filled(each)));
      return new LogFormat.Json(members, object.omitEmpty());
    }
    return format;
  }
}
