package io.zoneproxy.cp.translate.cluster;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.zoneproxy.core.model.ClusterPolicy;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.cp.translate.value.Interned;
import io.zoneproxy.cp.translate.value.Problems;
import java.util.List;
import java.util.Optional;

/** A cluster; the endpoints of one by EDS come as a resource of their own. Pure. */
public final class ClusterTranslator {
  private final PolicyTranslator policies;
  private final EndpointTranslator endpoints;
  private final Interned interned;

  /**
   * @param interned makes equal policies, addresses and tags one object
   */
  public ClusterTranslator(Interned interned) {
    this.interned = interned;
    policies = new PolicyTranslator(interned);
    endpoints = new EndpointTranslator(interned);
  }

  /** The cluster; of no use when there are problems. */
  public TranslatedCluster translate(Cluster from, Problems problems) {
    Optional<String> eds = Optional.empty();
    Assignment own = new Assignment(List.of(), Assignment.NOT_SAID);
    switch (from.getClusterDiscoveryTypeCase()) {
      case TYPE, CLUSTERDISCOVERYTYPE_NOT_SET -> {
        switch (from.getType()) {
          case EDS -> eds = Optional.of(edsName(from, problems));
          case STATIC, STRICT_DNS ->
              own = endpoints.translate(from.getLoadAssignment(), problems.at("load_assignment"));
          default -> problems.at("type").add(from.getType(), "EDS, STATIC or STRICT_DNS");
        }
      }
      default -> problems.at("cluster_type").add(from.getClusterType().getName(), "type");
    }
    ClusterPolicy policy = own.in(policies.translate(from, problems), interned);
    return new TranslatedCluster(
        new ClusterSpec(from.getName(), statName(from), own.localities(), policy), eds);
  }

  private static String statName(Cluster from) {
    return from.getAltStatName().isEmpty()
        ? ClusterSpec.statNameOf(from.getName())
        : from.getAltStatName();
  }

  private static String edsName(Cluster from, Problems problems) {
    if (!from.getEdsClusterConfig().getEdsConfig().hasAds()) {
      problems
          .at("eds_cluster_config")
          .at("eds_config")
          .add(from.getEdsClusterConfig().getEdsConfig().getConfigSourceSpecifierCase(), "ads");
    }
    String service = from.getEdsClusterConfig().getServiceName();
    return service.isEmpty() ? from.getName() : service;
  }
}
