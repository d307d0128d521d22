package io.zoneproxy.cp.telemetry;

import io.zoneproxy.core.export.Collectors;
import io.zoneproxy.core.export.Encoding;
import io.zoneproxy.core.export.OpenTelemetry;
import io.zoneproxy.core.model.http.TracingSpec;
import io.zoneproxy.core.model.log.LogTarget;
import io.zoneproxy.core.observe.access.Collected;
import io.zoneproxy.core.trace.Span;

/** OpenTelemetry's protocol over gRPC, its version 1. */
public final class Otlp implements OpenTelemetry {
  @Override
  public Encoding<Span> spans(TracingSpec.OpenTelemetry to) {
    return new OtlpSpans(to);
  }

  @Override
  public Encoding<Collected> logs(LogTarget.OpenTelemetry to, Collectors.Node sender) {
    return new OtlpLogs(to, sender);
  }
}
