package io.zoneproxy.core.observe.process;

/** What was sent to collectors, by their kind. Any thread. */
public final class ExportStats {
  /** Spans over OpenTelemetry's protocol. */
  public final CollectorStats openTelemetry = new CollectorStats();

  /** Spans to Zipkin. */
  public final CollectorStats zipkin = new CollectorStats();

  /** Spans to Datadog's agent. */
  public final CollectorStats datadog = new CollectorStats();

  /** Records of access logs over OpenTelemetry's protocol. */
  public final CollectorStats logs = new CollectorStats();
}
