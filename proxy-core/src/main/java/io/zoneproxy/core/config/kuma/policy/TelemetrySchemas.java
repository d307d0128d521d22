package io.zoneproxy.core.config.kuma.policy;

import io.zoneproxy.core.config.yaml.Fields;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** The fields of policies that write down or trace traffic: where it goes, and in which form. */
final class TelemetrySchemas {
  private static final int PERCENT = 100;
  private static final int MOST_LOGS = 32; // as many destinations are served
  private static final int MOST_MEMBERS = 256; // far more than there are operators

  /** 1 to 65535. */
  private static final String PORT =
      ":([1-9]\\d{0,3}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d\\d|655[0-2]\\d|6553[0-5])";

  private static final String HOST = "(\\[[0-9A-Fa-f:.]+\\]|[0-9A-Za-z._-]+)";
  private static final Pattern ADDRESS = Pattern.compile(HOST + PORT);

  /** A port, or none; an IPv6 address without one needs no brackets, as in Kuma. */
  private static final Pattern ENDPOINT =
      Pattern.compile(HOST + "(" + PORT + ")?|[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

  private static final Pattern ZIPKIN = Pattern.compile("http://" + HOST + PORT + "/[!-~&&[^?#]]*");
  private static final Pattern DATADOG = Pattern.compile("http://" + HOST + PORT);
  private static final Pattern FILE = Pattern.compile("/.+");
  private static final Pattern SOME = Pattern.compile("(?s).+");

  /** OpenTelemetry's names of attributes, as Kuma has them. */
  private static final Pattern ATTRIBUTE =
      Pattern.compile("(?!otel\\.)[a-z]([a-z0-9]|[._][a-z0-9])*");

  private static final String OTEL = "OpenTelemetry";

  private TelemetrySchemas() {}

  static Schema accessLog() {
    Schema file =
        new Schema()
            .matching("path", FILE, "an absolute path")
            .section("format", format())
            .check(needs("path", "an absolute path"));
    Schema tcp =
        new Schema()
            .matching("address", ADDRESS, "HOST:PORT")
            .section("format", format())
            .check(needs("address", "HOST:PORT"));
    Schema attribute =
        new Schema()
            .matching("key", ATTRIBUTE, "lower-case letters, digits, . and _; nothing of otel.")
            .text("value")
            .check(needs("key", "a name"));
    Schema openTelemetry =
        collector().sections("attributes", attribute).format("body", BodyReader::read);
    return backends(
        new Schema()
            .section("file", file)
            .section("tcp", tcp)
            .section("openTelemetry", openTelemetry),
        Map.of("File", "file", "Tcp", "tcp", OTEL, "openTelemetry"),
        MOST_LOGS);
  }

  static Schema trace() {
    Schema zipkin =
        new Schema()
            .matching("url", ZIPKIN, "http://HOST:PORT/PATH; nothing is sent over TLS")
            .flag("traceId128bit")
            .choice("apiVersion", "httpJson")
            .flag("sharedSpanContext")
            .check(needs("url", "where the collector is"));
    Schema datadog =
        new Schema()
            .matching("url", DATADOG, "http://HOST:PORT; nothing is sent over TLS")
            .flag("splitService") // a zone proxy's name is never split
            .check(needs("url", "where the collector is"));
    Schema header =
        new Schema()
            .matching("name", Schemas.HEADER_NAME, "the name of a header")
            .text("default")
            .check(needs("name", "a name"));
    Schema tag =
        new Schema()
            .matching("name", SOME, "a name")
            .text("literal")
            .section("header", header)
            .check(needs("name", "a name"))
            .check(oneOf("literal", "header"));
    Schema sampling =
        new Schema()
            .decimal("overall", PERCENT)
            .decimal("client", PERCENT)
            .decimal("random", PERCENT);
    return backends(
            new Schema()
                .section("zipkin", zipkin)
                .section("datadog", datadog)
                .section("openTelemetry", collector()),
            Map.of("Zipkin", "zipkin", "Datadog", "datadog", OTEL, "openTelemetry"),
            1)
        .section("sampling", sampling)
        .sections("tags", tag);
  }

  /**
   * Each has the section of its type.
   *
   * @param most of them; Kuma has a list where it takes but one, too
   */
  private static Schema backends(Schema backend, Map<String, String> sections, int most) {
    List<String> types = sections.keySet().stream().sorted().toList();
    backend
        .choice("type", types.toArray(String[]::new))
        .check(
            fields -> {
              String section = sections.get(fields.hasText("type") ? fields.text("type") : "");
              if (section != null && !fields.has(section)) {
                fields.error(section, "missing (expected: what the type says)");
              }
            })
        .check(needs("type", "one of " + String.join(", ", types)));
    return new Schema()
        .sections("backends", backend, 0, most)
        .check(needs("backends", "a list; [] for none"));
  }

  private static Schema collector() {
    Schema reference =
        new Schema()
            .choice("kind", "MeshOpenTelemetryBackend")
            .labels("labels")
            .check(needs("labels", "labels of one"));
    return new Schema()
        .matching("endpoint", ENDPOINT, "HOST or HOST:PORT")
        .section("backendRef", reference)
        .check(oneOf("endpoint", "backendRef"));
  }

  private static Schema format() {
    Schema member =
        new Schema()
            .matching("key", SOME, "a name")
            .matching("value", SOME, "a text")
            .check(needs("key", "a name"))
            .check(needs("value", "a text"));
    return new Schema()
        .choice("type", "Plain", "Json")
        .matching("plain", SOME, "a text")
        .sections("json", member, 1, MOST_MEMBERS)
        .flag("omitEmptyValues")
        .check(
            fields -> {
              String type = fields.hasText("type") ? fields.text("type") : "";
              if (type.equals("Plain")) {
                needs("plain", "a text").accept(fields);
              } else if (type.equals("Json")) {
                needs("json", "a list of key and value").accept(fields);
              }
            })
        .check(needs("type", "Plain or Json"));
  }

  private static Consumer<Fields> needs(String name, String expected) {
    return fields -> {
      if (!fields.has(name)) {
        fields.error(name, "missing (expected: " + expected + ")");
      }
    };
  }

  private static Consumer<Fields> oneOf(String first, String second) {
    return fields -> {
      if (fields.has(first) == fields.has(second)) {
        String said = fields.has(first) ? "both" : "neither";
        fields.error("", "%s (expected: %s or %s)".formatted(said, first, second));
      }
    };
  }
}
