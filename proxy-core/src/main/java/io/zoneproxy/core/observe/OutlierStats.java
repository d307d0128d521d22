package io.zoneproxy.core.observe;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Counters of one cluster's outlier detection ({@code outlier_detection.…}). Any thread. */
public final class OutlierStats {
  /** What finds outliers, by Envoy's names. */
  public enum Detector {
    CONSECUTIVE_5XX("consecutive_5xx"),
    CONSECUTIVE_GATEWAY_FAILURE("consecutive_gateway_failure"),
    CONSECUTIVE_LOCAL_ORIGIN_FAILURE("consecutive_local_origin_failure"),
    SUCCESS_RATE("success_rate"),
    LOCAL_ORIGIN_SUCCESS_RATE("local_origin_success_rate"),
    FAILURE_PERCENTAGE("failure_percentage"),
    LOCAL_ORIGIN_FAILURE_PERCENTAGE("local_origin_failure_percentage");

    private final String label;

    Detector(String label) {
      this.label = label;
    }

    /** Its name in statistics. */
    public String label() {
      return label;
    }
  }

  /** Endpoints that are out now ({@code ejections_active}). */
  public final AtomicLong active = new AtomicLong();

  /** Endpoints put out ({@code ejections_enforced_total}). */
  public final LongAdder enforced = new LongAdder();

  /** Not put out because too many were out ({@code ejections_overflow}). */
  public final LongAdder overflow = new LongAdder();

  private final Map<Detector, LongAdder> detectedBy = adders();
  private final Map<Detector, LongAdder> enforcedBy = adders();

  private static Map<Detector, LongAdder> adders() {
    Map<Detector, LongAdder> adders = new EnumMap<>(Detector.class);
    for (Detector detector : Detector.values()) {
      adders.put(detector, new LongAdder());
    }
    return adders;
  }

  /** Outliers found ({@code ejections_detected_…}). */
  public LongAdder detected(Detector by) {
    return adder(detectedBy, by);
  }

  /** Outliers put out ({@code ejections_enforced_…}). */
  public LongAdder enforced(Detector by) {
    return adder(enforcedBy, by);
  }

  private static LongAdder adder(Map<Detector, LongAdder> adders, Detector by) {
    LongAdder adder = adders.get(by);
    if (adder == null) {
      throw new IllegalArgumentException("detector: " + by);
    }
    return adder;
  }
}
