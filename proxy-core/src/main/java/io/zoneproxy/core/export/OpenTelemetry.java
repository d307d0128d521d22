package io.zoneproxy.core.export;

import io.zoneproxy.core.model.http.TracingSpec;
import io.zoneproxy.core.model.log.LogTarget;
import io.zoneproxy.core.observe.access.Collected;
import io.zoneproxy.core.trace.Span;

/** How collectors of OpenTelemetry want to be told. Any thread. */
public interface OpenTelemetry {
  /** Of spans. */
  Encoding<Span> spans(TracingSpec.OpenTelemetry to);

  /**
   * Of records of logs.
   *
   * @param sender who this proxy is
   */
  Encoding<Collected> logs(LogTarget.OpenTelemetry to, Collectors.Node sender);
}
