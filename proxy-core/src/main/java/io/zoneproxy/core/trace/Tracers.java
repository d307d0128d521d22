package io.zoneproxy.core.trace;

import io.zoneproxy.core.model.http.TracingSpec;
import io.zoneproxy.core.observe.request.TraceStats;

/** Makes what chains trace with. Any thread. */
@FunctionalInterface
public interface Tracers {
  /** Places are passed on; no span is reported. */
  Tracers UNREPORTED = (spec, stats) -> new Tracer(spec, "", span -> {}, stats);

  /**
   * For one chain.
   *
   * @param stats counts what is chosen
   */
  Tracer of(TracingSpec spec, TraceStats stats);
}
