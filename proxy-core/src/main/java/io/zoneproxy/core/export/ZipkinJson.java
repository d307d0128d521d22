package io.zoneproxy.core.export;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.zoneproxy.core.model.http.TracingSpec;
import io.zoneproxy.core.text.JsonWriter;
import io.zoneproxy.core.trace.Place;
import io.zoneproxy.core.trace.Span;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/**
 * Zipkin's spans, version 2, as JSON.
 *
 * @param service what its interface shows them under
 */
record ZipkinJson(TracingSpec.Zipkin to, String service) implements Encoding<Span> {
  private static final int NANOS_PER_MICRO = 1_000;
  private static final long MICROS_PER_SECOND = 1_000_000;
  private static final HexFormat HEX = HexFormat.of();

  @Override
  public String path() {
    return to.endpoint();
  }

  @Override
  public void headers(HttpHeaders headers) {
    headers.set(HttpHeaderNames.HOST, to.host().isEmpty() ? to.cluster() : to.host());
    headers.set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON);
  }

  @Override
  public int bytes(Span one) {
    return one.length();
  }

  @Override
  public byte[] body(List<Span> batch) {
    JsonWriter json = new JsonWriter().beginArray();
    for (Span span : batch) {
      write(span, json);
    }
    return json.endArray().toString().getBytes(StandardCharsets.UTF_8);
  }

  private void write(Span span, JsonWriter json) {
    Place place = span.place();
    json.beginObject();
    json.name("traceId").value(place.traceId());
    json.name("id").value(HEX.toHexDigits(place.spanId()));
    if (place.parentId() != 0) {
      json.name("parentId").value(HEX.toHexDigits(place.parentId()));
    }
    json.name("name").value(span.name());
    json.name("kind").value("SERVER");
    if (place.shared()) {
      json.name("shared").value(true);
    }
    json.name("timestamp").value(micros(span.start()));
    json.name("duration").value(Math.max(1, micros(span.duration()))); // 0 is not known, there
    json.name("localEndpoint").beginObject().name("serviceName").value(service);
    if (span.local() instanceof InetSocketAddress local && local.getAddress() != null) {
      String family = local.getAddress() instanceof Inet6Address ? "ipv6" : "ipv4";
      json.name(family).value(local.getAddress().getHostAddress());
      json.name("port").value(local.getPort());
    }
    json.endObject();
    json.name("tags").beginObject();
    span.tags().forEach((name, value) -> json.name(name).value(value));
    json.endObject().endObject();
  }

  private static long micros(Instant at) {
    return at.getEpochSecond() * MICROS_PER_SECOND + at.getNano() / NANOS_PER_MICRO;
  }

  private static long micros(Duration of) {
    return of.toNanos() / NANOS_PER_MICRO;
  }
}
