package io.zoneproxy.core.trace;

/** Takes spans that are over. Called on event loops: neither blocks nor throws. */
@FunctionalInterface
public interface SpanSink {
  /** Takes one, or drops and counts it. */
  void offer(Span span);
}
