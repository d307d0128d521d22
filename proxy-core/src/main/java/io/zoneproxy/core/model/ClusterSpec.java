package io.zoneproxy.core.model;

import java.util.List;

/**
 * A named upstream group.
 *
 * @param name unique in a snapshot, for example {@code default:backend}
 * @param statName its name in statistics, Envoy's: several clusters may have one
 * @param localities its endpoints; empty is legal, connections then end with {@code NO_ENDPOINT}
 * @param policy how they are used; one object for many clusters
 */
public record ClusterSpec(
    String name, String statName, List<LocalityEndpoints> localities, ClusterPolicy policy) {
  public ClusterSpec {
    localities = List.copyOf(localities);
  }

  /** Named in statistics by {@link #statNameOf}. */
  public ClusterSpec(String name, List<LocalityEndpoints> localities, ClusterPolicy policy) {
    this(name, statNameOf(name), localities, policy);
  }

  /**
   * The name as it stands in statistics when nothing else is said. Envoy replaces the colon, which
   * its stat names cannot hold; a role that stands before the name because the process has several
   * ({@code ingress/default:backend}) is left out.
   */
  public static String statNameOf(String name) {
    return name.substring(name.indexOf('/') + 1).replace(':', '_');
  }
}
