package io.zoneproxy.core.model.balance;

import java.time.Duration;

/**
 * When an endpoint is left out because of what connections to it met (Envoy: {@code
 * outlier_detection}). Of a passthrough only the making of connections is seen.
 *
 * @param interval between looks at rates
 * @param baseEjection first time an endpoint is out; multiplied by how often it was
 * @param maxEjection longest
 * @param maxEjectionPercent of the endpoints that may be out at a time
 * @param consecutive5xx failures in a row; 0 = off
 * @param consecutiveGateway gateway failures (502, 503, 504) in a row; 0 = off
 * @param consecutiveLocal failures to connect in a row; 0 = off; only when {@code splitLocal}
 * @param splitLocal whether failures to connect are told from answers
 * @param successRate by success rate
 * @param failurePercentage by share of failures
 */
public record OutlierDetection(
    Duration interval,
    Duration baseEjection,
    Duration maxEjection,
    int maxEjectionPercent,
    Consecutive consecutive5xx,
    Consecutive consecutiveGateway,
    Consecutive consecutiveLocal,
    boolean splitLocal,
    SuccessRate successRate,
    FailurePercentage failurePercentage) {

  /**
   * What holds where nothing is configured, which to Envoy means nothing. A zone behind two
   * ingresses of which one answers no packet would else have every other connection wait for the
   * whole connect timeout before it goes to the other one. Only failures to connect count.
   */
  public static final OutlierDetection OF_DIALS =
      new OutlierDetection(
          Duration.ofSeconds(10), // twice Kuma's connect timeout: a trial in vain forgives nothing
          Duration.ofSeconds(10), // what a restart takes
          Duration.ofSeconds(60), // who was away for long is found again within a minute
          50, // so that nobody is left without choice, and no panic (below 50 % healthy) follows
          new Consecutive(0, 0),
          new Consecutive(0, 0),
          new Consecutive(3, 100), // one or two connections that fail say nothing yet
          true,
          new SuccessRate(0, 0, 0, 0, 0),
          new FailurePercentage(0, 0, 0, 0, 0));

  /**
   * A detector of failures in a row.
   *
   * @param count in a row
   * @param enforcePercent chance that one who is found is put out; 0 = off
   */
  public record Consecutive(int count, int enforcePercent) {}

  /**
   * Compares an endpoint's success rate with the others'.
   *
   * @param minimumEndpoints with enough requests, or nothing is compared
   * @param requestVolume requests in an interval from which on an endpoint counts
   * @param stdevFactor a thousandth of the factor of the standard deviation
   * @param enforcePercent for answers; 0 = off
   * @param enforceLocalPercent for failures to connect; 0 = off
   */
  public record SuccessRate(
      int minimumEndpoints,
      int requestVolume,
      int stdevFactor,
      int enforcePercent,
      int enforceLocalPercent) {}

  /**
   * Looks at an endpoint's share of failures.
   *
   * @param threshold percent
   * @param minimumEndpoints with enough requests, or nothing is looked at
   * @param requestVolume requests in an interval from which on an endpoint counts
   * @param enforcePercent for answers; 0 = off
   * @param enforceLocalPercent for failures to connect; 0 = off
   */
  public record FailurePercentage(
      int threshold,
      int minimumEndpoints,
      int requestVolume,
      int enforcePercent,
      int enforceLocalPercent) {}
}
