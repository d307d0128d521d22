package io.zoneproxy.core.export;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.zoneproxy.core.model.http.TracingSpec;
import io.zoneproxy.core.text.JsonWriter;
import io.zoneproxy.core.trace.Place;
import io.zoneproxy.core.trace.Span;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/**
 * Spans for Datadog's agent: version 0.4 of its interface as JSON, which it takes beside msgpack.
 * Each span is a part of a trace by itself: the agent knows whose it is.
 */
record DatadogJson(TracingSpec.Datadog to) implements Encoding<Span> {
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  @Override
  public String path() {
    return "/v0.4/traces";
  }

  @Override
  public void headers(HttpHeaders headers) {
    headers.set(HttpHeaderNames.HOST, to.cluster());
    headers.set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON);
    headers.set("datadog-meta-tracer-version", "zoneproxy");
    headers.set("datadog-meta-lang", "java");
  }

  @Override
  public int bytes(Span one) {
    return one.length();
  }

  /** How many traces are in it must be known to the agent's statistics; it counts them itself. */
  @Override
  public byte[] body(List<Span> batch) {
    JsonWriter json = new JsonWriter().beginArray();
    for (Span span : batch) {
      json.beginArray();
      write(span, json);
      json.endArray();
    }
    return json.endArray().toString().getBytes(StandardCharsets.UTF_8);
  }

  private void write(Span span, JsonWriter json) {
    Place place = span.place();
    json.beginObject();
    json.name("service").value(to.service());
    json.name("name").value("envoy.proxy"); // boards and monitors look for it
    json.name("resource").value(span.name());
    json.name("type").value("web");
    json.name("trace_id").raw(Long.toUnsignedString(place.traceLow()));
    json.name("span_id").raw(Long.toUnsignedString(place.spanId()));
    json.name("parent_id").raw(Long.toUnsignedString(place.parentId()));
    json.name("start").value(nanos(span.start()));
    json.name("duration").value(span.duration().toNanos());
    json.name("error").value(span.failed() ? 1 : 0);
    json.name("meta").beginObject();
    span.tags().forEach((name, value) -> json.name(name).value(value));
    json.endObject();
    json.name("metrics").beginObject();
    json.name("_sampling_priority_v1").raw(place.state()).name("_top_level").value(1);
    json.endObject().endObject();
  }

  private static long nanos(Instant at) {
    return at.getEpochSecond() * NANOS_PER_SECOND + at.getNano();
  }
}
