package io.zoneproxy.core.admin.stats;

import io.zoneproxy.core.observe.process.ControlPlaneStats;
import java.util.List;

/**
 * A statistic that is a text; Prometheus has none of them.
 *
 * @param path of its subject, for example {@code listener_manager}
 * @param stat its name below that
 * @param value "" when there is none yet
 */
record Readout(String path, String stat, String value) {
  /** All there are, by name. */
  static List<Readout> of(ControlPlaneStats stats) {
    String clusters = stats.of(ControlPlaneStats.Type.CLUSTER).version();
    String listeners = stats.of(ControlPlaneStats.Type.LISTENER).version();
    return List.of(
        new Readout("cluster_manager", "cds.version_text", clusters),
        new Readout("control_plane", "identifier", stats.identifier()),
        new Readout("listener_manager", "lds.version_text", listeners),
        new Readout("zoneproxy", "control_plane_protocol", stats.protocol()));
  }

  /** Path and name. */
  String name() {
    return path + '.' + stat;
  }

  boolean isAsked(StatQuery query) {
    return (!query.usedOnly() || !value.isEmpty()) && query.takes(path, stat);
  }
}
