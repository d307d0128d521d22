package io.zoneproxy.cp.translate.cluster;

import com.google.protobuf.Duration;
import com.google.protobuf.UInt32Value;
import io.zoneproxy.core.model.balance.OutlierDetection;
import io.zoneproxy.core.model.balance.OutlierDetection.Consecutive;
import io.zoneproxy.core.model.balance.OutlierDetection.FailurePercentage;
import io.zoneproxy.core.model.balance.OutlierDetection.SuccessRate;
import io.zoneproxy.cp.translate.value.Numbers;
import io.zoneproxy.cp.translate.value.Problems;

/** When endpoints are put out; what is not said is Envoy's default, from its documentation. */
final class Outliers {
  private static final java.time.Duration INTERVAL = java.time.Duration.ofSeconds(10);
  private static final java.time.Duration BASE_EJECTION = java.time.Duration.ofSeconds(30);
  private static final java.time.Duration MOST_EJECTION = java.time.Duration.ofMinutes(5);
  private static final int EJECTED_PERCENT = 10;
  private static final int IN_A_ROW = 5;
  private static final int ALWAYS = 100; // percent
  private static final int NEVER = 0;
  private static final int ENDPOINTS = 5;
  private static final int RATE_VOLUME = 100;
  private static final int RATE_FACTOR = 1900; // thousandths
  private static final int FAILURE_PERCENT = 85;
  private static final int FAILURE_VOLUME = 50;

  private final io.envoyproxy.envoy.config.cluster.v3.OutlierDetection from;
  private final Problems problems;

  private Outliers(io.envoyproxy.envoy.config.cluster.v3.OutlierDetection from, Problems problems) {
    this.from = from;
    this.problems = problems;
  }

  static OutlierDetection of(
      io.envoyproxy.envoy.config.cluster.v3.OutlierDetection from, Problems problems) {
    return new Outliers(from, problems).translate();
  }

  private OutlierDetection translate() {
    java.time.Duration base =
        time("base_ejection_time", from.hasBaseEjectionTime(), from.getBaseEjectionTime())
            .orElse(BASE_EJECTION);
    java.time.Duration most =
        time("max_ejection_time", from.hasMaxEjectionTime(), from.getMaxEjectionTime())
            .orElse(base.compareTo(MOST_EJECTION) > 0 ? base : MOST_EJECTION);
    return new OutlierDetection(
        time("interval", from.hasInterval(), from.getInterval()).orElse(INTERVAL),
        base,
        most,
        percent(
            "max_ejection_percent",
            from.hasMaxEjectionPercent(),
            from.getMaxEjectionPercent(),
            EJECTED_PERCENT),
        consecutive5xx(),
        consecutiveGateway(),
        consecutiveLocal(),
        from.getSplitExternalLocalOriginErrors(),
        successRate(),
        failurePercentage());
  }

  private Consecutive consecutive5xx() {
    return new Consecutive(
        count("consecutive_5xx", from.hasConsecutive5Xx(), from.getConsecutive5Xx(), IN_A_ROW),
        percent(
            "enforcing_consecutive_5xx",
            from.hasEnforcingConsecutive5Xx(),
            from.getEnforcingConsecutive5Xx(),
            ALWAYS));
  }

  private Consecutive consecutiveGateway() {
    return new Consecutive(
        count(
            "consecutive_gateway_failure",
            from.hasConsecutiveGatewayFailure(),
            from.getConsecutiveGatewayFailure(),
            IN_A_ROW),
        percent(
            "enforcing_consecutive_gateway_failure",
            from.hasEnforcingConsecutiveGatewayFailure(),
            from.getEnforcingConsecutiveGatewayFailure(),
            NEVER));
  }

  private Consecutive consecutiveLocal() {
    return new Consecutive(
        count(
            "consecutive_local_origin_failure",
            from.hasConsecutiveLocalOriginFailure(),
            from.getConsecutiveLocalOriginFailure(),
            IN_A_ROW),
        percent(
            "enforcing_consecutive_local_origin_failure",
            from.hasEnforcingConsecutiveLocalOriginFailure(),
            from.getEnforcingConsecutiveLocalOriginFailure(),
            ALWAYS));
  }

  private SuccessRate successRate() {
    return new SuccessRate(
        count(
            "success_rate_minimum_hosts",
            from.hasSuccessRateMinimumHosts(),
            from.getSuccessRateMinimumHosts(),
            ENDPOINTS),
        count(
            "success_rate_request_volume",
            from.hasSuccessRateRequestVolume(),
            from.getSuccessRateRequestVolume(),
            RATE_VOLUME),
        count(
            "success_rate_stdev_factor",
            from.hasSuccessRateStdevFactor(),
            from.getSuccessRateStdevFactor(),
            RATE_FACTOR),
        percent(
            "enforcing_success_rate",
            from.hasEnforcingSuccessRate(),
            from.getEnforcingSuccessRate(),
            ALWAYS),
        percent(
            "enforcing_local_origin_success_rate",
            from.hasEnforcingLocalOriginSuccessRate(),
            from.getEnforcingLocalOriginSuccessRate(),
            ALWAYS));
  }

  private FailurePercentage failurePercentage() {
    return new FailurePercentage(
        percent(
            "failure_percentage_threshold",
            from.hasFailurePercentageThreshold(),
            from.getFailurePercentageThreshold(),
            FAILURE_PERCENT),
        count(
            "failure_percentage_minimum_hosts",
            from.hasFailurePercentageMinimumHosts(),
            from.getFailurePercentageMinimumHosts(),
            ENDPOINTS),
        count(
            "failure_percentage_request_volume",
            from.hasFailurePercentageRequestVolume(),
            from.getFailurePercentageRequestVolume(),
            FAILURE_VOLUME),
        percent(
            "enforcing_failure_percentage",
            from.hasEnforcingFailurePercentage(),
            from.getEnforcingFailurePercentage(),
            NEVER),
        percent(
            "enforcing_failure_percentage_local_origin",
            from.hasEnforcingFailurePercentageLocalOrigin(),
            from.getEnforcingFailurePercentageLocalOrigin(),
            NEVER));
  }

  private java.util.Optional<java.time.Duration> time(
      String field, boolean present, Duration value) {
    return Numbers.positive(present, value, problems.at(field));
  }

  private int count(String field, boolean present, UInt32Value value, int absent) {
    return Numbers.count(present, value, absent, problems.at(field));
  }

  private int percent(String field, boolean present, UInt32Value value, int absent) {
    return Numbers.percent(present, value, absent, problems.at(field));
  }
}
