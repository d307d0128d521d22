package io.zoneproxy.core.observe;

import io.zoneproxy.core.model.Address;
import io.zoneproxy.core.model.Locality;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A cluster as the admin port shows it.
 *
 * @param name its name
 * @param statName its name in statistics
 * @param endpoints all of them, every priority
 * @param stats its counters, null as long as no connection used it (they are made when needed)
 */
public record ClusterStatus(
    String name, String statName, List<EndpointStatus> endpoints, @Nullable ClusterStats stats) {
  /**
   * One endpoint.
   *
   * @param address as configured
   * @param locality where it runs
   * @param priority 0 first
   * @param weight its share
   * @param resolved whether an address to dial is known (always, for an IP literal)
   * @param active connections open now
   * @param total connections made
   * @param connectFail attempts that failed
   */
  public record EndpointStatus(
      Address address,
      Locality locality,
      int priority,
      int weight,
      boolean resolved,
      long active,
      long total,
      long connectFail) {}
}
