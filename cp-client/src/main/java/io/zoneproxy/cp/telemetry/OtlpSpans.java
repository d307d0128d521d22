package io.zoneproxy.cp.telemetry;

import com.google.protobuf.ByteString;
import io.netty.handler.codec.http.HttpHeaders;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.opentelemetry.proto.trace.v1.Status;
import io.zoneproxy.core.export.Encoding;
import io.zoneproxy.core.model.http.TracingSpec;
import io.zoneproxy.core.trace.Place;
import io.zoneproxy.core.trace.Span;
import java.nio.ByteBuffer;
import java.util.List;

/** Spans as a collector of OpenTelemetry wants them: over gRPC, all values as texts, as Envoy. */
final class OtlpSpans implements Encoding<Span> {
  private static final String PATH = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

  private final String cluster;
  private final Resource resource;

  /** For one provider of a chain. */
  OtlpSpans(TracingSpec.OpenTelemetry to) {
    this.cluster = to.cluster();
    this.resource =
        Resource.newBuilder()
            // Envoy's own name: boards and alerts know it.
            .addAttributes(
                Values.of(
                    "service.name",
                    to.service().isEmpty() ? "unknown_service:envoy" : to.service()))
            .addAttributes(Values.of("telemetry.sdk.language", "java"))
            .addAttributes(Values.of("telemetry.sdk.name", "zoneproxy"))
            .build();
  }

  @Override
  public String path() {
    return PATH;
  }

  @Override
  public void headers(HttpHeaders to) {
    Call.headers(to, cluster);
  }

  @Override
  public int bytes(Span one) {
    return one.length();
  }

  @Override
  public byte[] body(List<Span> batch) {
    ScopeSpans.Builder spans =
        ScopeSpans.newBuilder().setScope(InstrumentationScope.newBuilder().setName("zoneproxy"));
    for (Span span : batch) {
      spans.addSpans(message(span));
    }
    return Call.body(
        ExportTraceServiceRequest.newBuilder()
            .addResourceSpans(ResourceSpans.newBuilder().setResource(resource).addScopeSpans(spans))
            .build());
  }

  private static io.opentelemetry.proto.trace.v1.Span message(Span span) {
    Place place = span.place();
    long start = Values.nanos(span.start());
    io.opentelemetry.proto.trace.v1.Span.Builder message =
        io.opentelemetry.proto.trace.v1.Span.newBuilder()
            .setTraceId(bytes(place.traceHigh(), place.traceLow()))
            .setSpanId(bytes(place.spanId()))
            .setTraceState(place.state())
            .setName(span.name())
            .setKind(SpanKind.SPAN_KIND_SERVER)
            .setStartTimeUnixNano(start)
            .setEndTimeUnixNano(start + span.duration().toNanos());
    if (place.parentId() != 0) {
      message.setParentSpanId(bytes(place.parentId()));
    }
    if (span.failed()) {
      message.setStatus(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR));
    }
    span.tags().forEach((name, value) -> message.addAttributes(Values.of(name, value)));
    return message.build();
  }

  private static ByteString bytes(long high, long low) {
    return ByteString.copyFrom(
        ByteBuffer.allocate(2 * Long.BYTES).putLong(high).putLong(low).flip());
  }

  private static ByteString bytes(long id) {
    return ByteString.copyFrom(ByteBuffer.allocate(Long.BYTES).putLong(id).flip());
  }

  @Override
  public boolean taken(int status, HttpHeaders last) {
    return Call.succeeded(status, last);
  }
}
