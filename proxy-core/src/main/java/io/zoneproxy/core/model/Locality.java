package io.zoneproxy.core.model;

/**
 * Where an endpoint runs, as Envoy's locality.
 *
 * @param region "" when unknown
 * @param zone the Kuma zone; "" when unknown
 * @param subZone "" when unknown
 */
public record Locality(String region, String zone, String subZone) {
  /** The locality of a Kuma zone; Kuma sets nothing else for zone proxies. */
  public static Locality ofZone(String zone) {
    return new Locality("", zone, "");
  }
}
