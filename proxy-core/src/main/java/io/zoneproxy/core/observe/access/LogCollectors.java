package io.zoneproxy.core.observe.access;

import io.zoneproxy.core.model.log.LogTarget;

/** Sends records of access logs to collectors. Called on event loops: neither blocks nor throws. */
@FunctionalInterface
public interface LogCollectors {
  /** Takes a record, or drops and counts it. */
  void offer(LogTarget.OpenTelemetry to, Collected record);
}
