package io.zoneproxy.core.observe;

/** Why an endpoint is not healthy, as {@code /clusters} writes it. */
public enum HealthFlag {
  /** Probes fail, or the first has not passed yet. */
  FAILED_ACTIVE_HC("/failed_active_hc"),
  /** Put out because of what connections to it met. */
  FAILED_OUTLIER_CHECK("/failed_outlier_check"),
  /** The control plane says so, or its name has no address. */
  FAILED_EDS_HEALTH("/failed_eds_health");

  private final String text;

  HealthFlag(String text) {
    this.text = text;
  }

  /** Envoy's way to write it. */
  public String text() {
    return text;
  }
}
