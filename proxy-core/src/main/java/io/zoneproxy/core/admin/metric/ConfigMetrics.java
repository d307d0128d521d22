package io.zoneproxy.core.admin.metric;

import static io.zoneproxy.core.admin.metric.Metric.counter;
import static io.zoneproxy.core.admin.metric.Metric.gauge;

import io.zoneproxy.core.observe.process.ConfigStats;
import io.zoneproxy.core.observe.process.ControlPlaneStats;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What is told of the control plane and of the configuration that comes from it. */
final class ConfigMetrics {
  /** The offset basis and the prime of FNV-1a with 64 bits. */
  private static final long FNV_BASIS = 0xCBF29CE484222325L;

  private static final long FNV_PRIME = 0x100000001B3L;

  /** Leaves 53 bits, which JSON and Prometheus hold exactly. */
  private static final int TO_EXACT = 11;

  private static final List<Metric<ControlPlaneStats>> CONTROL_PLANE =
      List.of(
          gauge("connected_state", stats -> stats.connected() ? 1 : 0),
          gauge("pending_requests", stats -> 0), // requests are not held back here
          counter("rate_limit_enforced", stats -> 0));

  private static final List<Metric<ControlPlaneStats>> OURS =
      List.of(
          gauge("chains_unsupported", stats -> stats.chainsUnsupported.get()),
          gauge("chains_waiting", stats -> stats.chainsWaiting.get()),
          counter("control_plane_reconnects", stats -> stats.reconnects.sum()),
          gauge("control_plane_silent_seconds", ControlPlaneStats::secondsSinceResponse),
          gauge("external_only_meshes", stats -> stats.externalOnlyMeshes.get()),
          gauge("fields_ignored", stats -> stats.fieldsIgnored.get()),
          gauge("last_known_good_age_seconds", ControlPlaneStats::lastKnownGoodAgeSeconds),
          gauge("resources_refused", stats -> stats.resourcesRefused.get()),
          gauge(
              "secrets_version",
              stats -> number(stats.of(ControlPlaneStats.Type.SECRET).version())));

  private static final List<Metric<ConfigStats>> CHAINS =
      List.of(gauge("chains_refusing", stats -> stats.chainsRefusing.get()));

  private ConfigMetrics() {}

  static List<StatGroup<?>> groups(StatSources sources) {
    ControlPlaneStats stats = sources.server().controlPlane;
    return List.of(
        StatGroup.single(
            "envoy_cluster_manager_",
            "cluster_manager",
            updates("cds.", ControlPlaneStats.Type.CLUSTER),
            stats),
        StatGroup.single("envoy_cluster_manager_", "cluster_manager", clusterChanges(), sources),
        StatGroup.single("envoy_control_plane_", "control_plane", CONTROL_PLANE, stats),
        StatGroup.single(
            "envoy_listener_manager_",
            "listener_manager",
            updates("lds.", ControlPlaneStats.Type.LISTENER),
            stats),
        StatGroup.single("envoy_listener_manager_", "listener_manager", listenerChanges(), sources),
        StatGroup.single("zoneproxy_", "zoneproxy", OURS, stats),
        StatGroup.single("zoneproxy_", "zoneproxy", CHAINS, sources.server().config));
  }

  private static List<Metric<ControlPlaneStats>> updates(
      String prefix, ControlPlaneStats.Type type) {
    return List.of(
        counter(prefix + "init_fetch_timeout", stats -> 0),
        counter(prefix + "update_attempt", stats -> stats.of(type).attempt.sum()),
        counter(prefix + "update_failure", stats -> stats.of(type).failure.sum()),
        counter(prefix + "update_rejected", stats -> stats.of(type).rejected.sum()),
        counter(prefix + "update_success", stats -> stats.of(type).success.sum()),
        gauge(prefix + "update_time", stats -> stats.of(type).takenAtMillis.get()),
        gauge(prefix + "version", stats -> number(stats.of(type).version())));
  }

  private static List<Metric<StatSources>> clusterChanges() {
    return List.of(
        gauge("active_clusters", sources -> sources.clusters().size()),
        counter("cluster_added", sources -> config(sources).clusters.added.sum()),
        counter("cluster_modified", sources -> config(sources).clusters.modified.sum()),
        counter("cluster_removed", sources -> config(sources).clusters.removed.sum()),
        gauge("warming_clusters", sources -> 0)); // a configuration is in force when it is whole
  }

  private static List<Metric<StatSources>> listenerChanges() {
    return List.of(
        counter("listener_added", sources -> config(sources).listeners.added.sum()),
        counter("listener_create_failure", sources -> config(sources).listenerFailures.sum()),
        counter(
            "listener_create_success",
            sources ->
                config(sources).listeners.added.sum() + config(sources).listeners.modified.sum()),
        counter("listener_in_place_updated", sources -> config(sources).listeners.modified.sum()),
        counter("listener_modified", sources -> config(sources).listeners.modified.sum()),
        counter("listener_removed", sources -> config(sources).listeners.removed.sum()),
        gauge("total_listeners_active", sources -> sources.listeners().size()),
        gauge("total_listeners_draining", sources -> 0), // one that is gone listens no more
        gauge("total_listeners_warming", sources -> 0),
        gauge("workers_started", sources -> sources.server().workers().isEmpty() ? 0 : 1));
  }

  private static ConfigStats config(StatSources sources) {
    return sources.server().config;
  }

  /** A number that changes with the text; 0 for none. Envoy has one as well, by another formula. */
  static long number(String version) {
    long hash = version.isEmpty() ? 0 : FNV_BASIS;
    for (byte each : version.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (each & 0xFF)) * FNV_PRIME;
    }
    return hash >>> TO_EXACT;
  }
}
