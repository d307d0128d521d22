package io.zoneproxy.cp.translate.cluster;

import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers.Thresholds;
import io.envoyproxy.envoy.config.core.v3.RoutingPriority;
import io.zoneproxy.core.model.balance.CircuitBreakers;
import io.zoneproxy.cp.translate.value.Numbers;
import io.zoneproxy.cp.translate.value.Problems;

/** Limits of a cluster. */
final class Breakers {
  private Breakers() {}

  /** Those of the default priority; there are no requests of the other here. */
  static CircuitBreakers of(
      io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers from, Problems problems) {
    if (from.getPerHostThresholdsCount() > 0) {
      problems.at("per_host_thresholds").add("set", "not set: it is not supported");
    }
    for (int i = 0; i < from.getThresholdsCount(); i++) {
      if (from.getThresholds(i).getPriority() == RoutingPriority.DEFAULT) {
        return limits(from.getThresholds(i), problems.at("thresholds", i));
      }
    }
    return CircuitBreakers.ENVOY;
  }

  private static CircuitBreakers limits(Thresholds from, Problems problems) {
    if (from.hasRetryBudget()) {
      problems.at("retry_budget").add("set", "not set: it is not supported");
    }
    CircuitBreakers absent = CircuitBreakers.ENVOY;
    return new CircuitBreakers(
        Numbers.unsigned(
            from.hasMaxConnections(), from.getMaxConnections(), absent.maxConnections()),
        Numbers.unsigned(
            from.hasMaxPendingRequests(),
            from.getMaxPendingRequests(),
            absent.maxPendingRequests()),
        Numbers.unsigned(from.hasMaxRequests(), from.getMaxRequests(), absent.maxRequests()),
        Numbers.unsigned(from.hasMaxRetries(), from.getMaxRetries(), absent.maxRetries()));
  }
}
