package io.zoneproxy.cp.translate;

import com.google.protobuf.Duration;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.zoneproxy.core.model.LocalityEndpoints;
import java.util.List;
import java.util.Optional;

/** A cluster; the endpoints of one by EDS come as a resource of their own. Pure. */
final class ClusterTranslator {
  private ClusterTranslator() {}

  /**
   * A cluster without the endpoints that come by EDS.
   *
   * @param eds name of its load assignment; empty when its endpoints stand in it
   * @param localities its own endpoints; none with EDS
   */
  record Translated(
      String name,
      Optional<java.time.Duration> connectTimeout,
      Optional<String> eds,
      List<LocalityEndpoints> localities) {}

  static Translated translate(Cluster from, Problems problems) {
    Optional<java.time.Duration> timeout =
        from.hasConnectTimeout()
            ? timeout(from.getConnectTimeout(), problems.at("connect_timeout"))
            : Optional.empty();
    return switch (from.getType()) {
      case EDS ->
          new Translated(from.getName(), timeout, Optional.of(edsName(from, problems)), List.of());
      case STATIC, STRICT_DNS ->
          new Translated(
              from.getName(),
              timeout,
              Optional.empty(),
              EndpointTranslator.translate(
                  from.getLoadAssignment(), problems.at("load_assignment")));
      default -> {
        problems.at("type").add(from.getType(), "EDS, STATIC or STRICT_DNS");
        yield new Translated(from.getName(), timeout, Optional.empty(), List.of());
      }
    };
  }

  private static String edsName(Cluster from, Problems problems) {
    if (!from.getEdsClusterConfig().getEdsConfig().hasAds()) {
      problems.at("eds_cluster_config").at("eds_config").add("no ads", "ads");
    }
    String service = from.getEdsClusterConfig().getServiceName();
    return service.isEmpty() ? from.getName() : service;
  }

  private static Optional<java.time.Duration> timeout(Duration from, Problems problems) {
    java.time.Duration timeout = java.time.Duration.ofSeconds(from.getSeconds(), from.getNanos());
    if (timeout.toMillis() < 1) {
      problems.add(timeout, "1ms or more");
      return Optional.empty();
    }
    return Optional.of(timeout);
  }
}
