package io.zoneproxy.egress.policy;

import io.zoneproxy.core.model.ClusterPolicy.Spread;
import io.zoneproxy.core.model.balance.CircuitBreakers;
import io.zoneproxy.core.model.balance.OutlierDetection;
import io.zoneproxy.core.model.balance.OutlierDetection.Consecutive;
import io.zoneproxy.core.model.balance.OutlierDetection.FailurePercentage;
import io.zoneproxy.core.model.balance.OutlierDetection.SuccessRate;
import io.zoneproxy.core.resource.policy.Settings;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;

/** Limits of a cluster, and when its endpoints are put out. Defaults are Envoy's. */
final class Breakers {
  private static final String OUT = "outlierDetection";
  private static final String DETECTORS = OUT + ".detectors.";

  private static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final Duration BASE_EJECTION = Duration.ofSeconds(30);
  private static final Duration MOST_EJECTION = Duration.ofMinutes(5);
  private static final int EJECTED_PERCENT = 10;
  private static final int IN_A_ROW = 5;
  private static final int ALWAYS = 100; // percent
  private static final int ENDPOINTS = 5;
  private static final int RATE_VOLUME = 100;
  private static final int RATE_FACTOR = 1900; // thousandths
  private static final int FAILURE_PERCENT = 85;
  private static final int FAILURE_VOLUME = 50;
  private static final BigDecimal THOUSANDTHS = BigDecimal.valueOf(1000);

  private Breakers() {}

  static CircuitBreakers limits(Settings set) {
    CircuitBreakers usual = CircuitBreakers.ENVOY;
    return new CircuitBreakers(
        limit(set, "maxConnections", usual.maxConnections()),
        limit(set, "maxPendingRequests", usual.maxPendingRequests()),
        limit(set, "maxRequests", usual.maxRequests()),
        limit(set, "maxRetries", usual.maxRetries()));
  }

  private static long limit(Settings set, String name, long usual) {
    return set.number("connectionLimits." + name).map(Integer::longValue).orElse(usual);
  }

  /** What the breaker says of panic counts more than what the health check does. */
  static Spread spread(Settings breaker, Settings check) {
    double panic =
        breaker
            .decimal(OUT + ".healthyPanicThreshold")
            .or(() -> check.decimal("healthyPanicThreshold"))
            .map(BigDecimal::doubleValue)
            .orElse(Spread.DEFAULT.panicPercent());
    return new Spread(
        Spread.DEFAULT.overprovisioningPercent(),
        panic,
        check.flag("failTrafficOnPanic"),
        Spread.DEFAULT.localityWeighted());
  }

  static Optional<OutlierDetection> outliers(Settings set) {
    if (!set.has(OUT) || set.flag(OUT + ".disabled")) {
      return Optional.empty();
    }
    Duration base = set.time(OUT + ".baseEjectionTime").orElse(BASE_EJECTION);
    return Optional.of(
        new OutlierDetection(
            set.time(OUT + ".interval").orElse(INTERVAL),
            base,
            base.compareTo(MOST_EJECTION) > 0 ? base : MOST_EJECTION,
            set.number(OUT + ".maxEjectionPercent").orElse(EJECTED_PERCENT),
            inRow(set, "totalFailures"),
            inRow(set, "gatewayFailures"),
            inRow(set, "localOriginFailures"),
            set.flag(OUT + ".splitExternalAndLocalErrors"),
            successRate(set),
            failurePercentage(set)));
  }

  private static Consecutive inRow(Settings set, String detector) {
    String path = DETECTORS + detector;
    return new Consecutive(set.number(path + ".consecutive").orElse(IN_A_ROW), enforced(set, path));
  }

  private static SuccessRate successRate(Settings set) {
    String path = DETECTORS + "successRate";
    int always = enforced(set, path);
    return new SuccessRate(
        set.number(path + ".minimumHosts").orElse(ENDPOINTS),
        set.number(path + ".requestVolume").orElse(RATE_VOLUME),
        set.decimal(path + ".standardDeviationFactor")
            .map(factor -> factor.multiply(THOUSANDTHS).intValue())
            .orElse(RATE_FACTOR),
        always,
        always);
  }

  private static FailurePercentage failurePercentage(Settings set) {
    String path = DETECTORS + "failurePercentage";
    int always = enforced(set, path);
    return new FailurePercentage(
        set.number(path + ".threshold").orElse(FAILURE_PERCENT),
        set.number(path + ".minimumHosts").orElse(ENDPOINTS),
        set.number(path + ".requestVolume").orElse(FAILURE_VOLUME),
        always,
        always);
  }

  /** A detector that is not written is off. */
  private static int enforced(Settings set, String detector) {
    return set.has(detector) ? ALWAYS : 0;
  }
}
