package io.zoneproxy.core.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A named upstream group.
 *
 * @param name unique in a snapshot, for example {@code default:backend}
 * @param connectTimeout limit for one attempt to one endpoint; empty means the proxy's own ({@code
 *     --connect-timeout})
 * @param localities its endpoints; empty is legal, connections then end with {@code NO_ENDPOINT}
 */
public record ClusterSpec(
    String name, Optional<Duration> connectTimeout, List<LocalityEndpoints> localities) {
  public ClusterSpec {
    localities = List.copyOf(localities);
  }

  /**
   * The name as it stands in statistics: Envoy replaces the colon, which its stat names cannot
   * hold.
   */
  public String statName() {
    return name.replace(':', '_');
  }
}
