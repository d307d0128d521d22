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
   * The name as it stands in statistics, Kuma's in any case. Envoy replaces the colon, which its
   * stat names cannot hold; a role that stands before the name because the process has several
   * ({@code ingress/default:backend}) is left out, so two clusters may have one name here.
   */
  public String statName() {
    return name.substring(name.indexOf('/') + 1).replace(':', '_');
  }
}
