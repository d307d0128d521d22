package io.zoneproxy.core.upstream.health;

import io.zoneproxy.core.model.balance.OutlierDetection;
import io.zoneproxy.core.model.balance.OutlierDetection.FailurePercentage;
import io.zoneproxy.core.model.balance.OutlierDetection.SuccessRate;
import io.zoneproxy.core.observe.OutlierStats.Detector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/** Compares what endpoints met in the interval that has ended. On the control loop only. */
final class OutlierRates {
  /** The factor of the standard deviation is configured in thousandths. */
  private static final double THOUSANDTH = 0.001;

  private static final double WHOLE = 100;

  /** Told of each outlier. */
  interface Found {
    void found(Detector by, int enforcePercent, EndpointHealth endpoint);
  }

  private record Rated(EndpointHealth endpoint, double rate) {}

  private final OutlierDetection config;
  private final Collection<EndpointHealth> endpoints;

  OutlierRates(OutlierDetection config, Collection<EndpointHealth> endpoints) {
    this.config = config;
    this.endpoints = endpoints;
  }

  void find(Found found) {
    SuccessRate rate = config.successRate();
    FailurePercentage failures = config.failurePercentage();
    Function<OutlierRecord, OutlierRecord.Interval> answers = record -> record.answers;
    bySuccessRate(answers, Detector.SUCCESS_RATE, rate.enforcePercent(), found);
    byFailures(answers, Detector.FAILURE_PERCENTAGE, failures.enforcePercent(), found);
    if (config.splitLocal()) {
      Function<OutlierRecord, OutlierRecord.Interval> connects = record -> record.connects;
      int enforce = rate.enforceLocalPercent();
      bySuccessRate(connects, Detector.LOCAL_ORIGIN_SUCCESS_RATE, enforce, found);
      int enforceFailures = failures.enforceLocalPercent();
      byFailures(connects, Detector.LOCAL_ORIGIN_FAILURE_PERCENTAGE, enforceFailures, found);
    }
  }

  private void bySuccessRate(
      Function<OutlierRecord, OutlierRecord.Interval> of, Detector by, int enforce, Found found) {
    SuccessRate rule = config.successRate();
    List<Rated> rated = enforce == 0 ? List.of() : rated(of, rule.requestVolume());
    if (rated.isEmpty() || rated.size() < rule.minimumEndpoints()) {
      return;
    }
    double mean = rated.stream().mapToDouble(Rated::rate).average().orElse(0);
    double variance =
        rated.stream().mapToDouble(each -> Math.pow(each.rate() - mean, 2)).average().orElse(0);
    double least = mean - Math.sqrt(variance) * rule.stdevFactor() * THOUSANDTH;
    for (Rated each : rated) {
      if (each.rate() < least) {
        found.found(by, enforce, each.endpoint());
      }
    }
  }

  private void byFailures(
      Function<OutlierRecord, OutlierRecord.Interval> of, Detector by, int enforce, Found found) {
    FailurePercentage rule = config.failurePercentage();
    List<Rated> rated = enforce == 0 ? List.of() : rated(of, rule.requestVolume());
    if (rated.size() < rule.minimumEndpoints()) {
      return;
    }
    for (Rated each : rated) {
      if (WHOLE - each.rate() >= rule.threshold()) {
        found.found(by, enforce, each.endpoint());
      }
    }
  }

  /** Those with enough in the interval. */
  private List<Rated> rated(Function<OutlierRecord, OutlierRecord.Interval> of, int volume) {
    List<Rated> rated = new ArrayList<>();
    for (EndpointHealth endpoint : endpoints) {
      OutlierRecord record = endpoint.known();
      OutlierRecord.Interval interval = record == null ? null : of.apply(record);
      if (interval != null && interval.volume() > 0 && interval.volume() >= volume) {
        rated.add(new Rated(endpoint, interval.rate()));
      }
    }
    return rated;
  }
}
