package io.zoneproxy.core.observe.access.format;

import io.zoneproxy.core.model.log.LogFormat;
import io.zoneproxy.core.observe.access.operator.LoggedConnection;
import io.zoneproxy.core.text.JsonWriter;
import java.util.ArrayList;
import java.util.List;

/** A format that was compiled. Any thread. */
public final class RecordFormat {
  /** What Envoy writes when nothing is said: an HTTP line, of which TCP has a part. */
  private static final String ENVOYS_DEFAULT =
      "[%START_TIME%] \"%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%\""
          + " %RESPONSE_CODE% %RESPONSE_FLAGS% %BYTES_RECEIVED% %BYTES_SENT% %DURATION%"
          + " %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% \"%REQ(X-FORWARDED-FOR)%\""
          + " \"%REQ(USER-AGENT)%\" \"%REQ(X-REQUEST-ID)%\" \"%REQ(:AUTHORITY)%\""
          + " \"%UPSTREAM_HOST%\"\n";

  private interface Form {
    void append(LoggedConnection connection, StringBuilder out);
  }

  private final Form form;

  private RecordFormat(Form form) {
    this.form = form;
  }

  /**
   * Compiles a format: a text as it stands, anything else as a line of JSON.
   *
   * @throws IllegalArgumentException when it is not understood; {@link FormatCheck} says it before
   */
  public static RecordFormat of(LogFormat format) {
    List<String> problems = new ArrayList<>();
    RecordFormat compiled = compile(format, problems);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
    return compiled;
  }

  /** Compiles a format; when problems come up it must not be used. */
  static RecordFormat compile(LogFormat format, List<String> problems) {
    if (format instanceof LogFormat.Text text) {
      String pattern = text.format().isEmpty() ? ENVOYS_DEFAULT : text.format();
      Template template = Template.of(pattern, problems::add);
      return new RecordFormat((connection, out) -> template.appendTo(out, connection));
    }
    JsonForm json = JsonForm.of(format, false, new JsonForm.Place("", problems));
    return new RecordFormat(
        (connection, out) -> {
          json.write(connection, new JsonWriter(out));
          out.append('\n');
        });
  }

  /** Appends a record, with the line break that its format has. */
  public void append(LoggedConnection connection, StringBuilder out) {
    form.append(connection, out);
  }
}
