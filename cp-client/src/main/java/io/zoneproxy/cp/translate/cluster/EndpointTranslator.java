package io.zoneproxy.cp.translate;

import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.zoneproxy.core.model.EndpointSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.Locality;
import io.zoneproxy.core.model.LocalityEndpoints;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A load assignment, of EDS or in a cluster. Pure. */
final class EndpointTranslator {
  private EndpointTranslator() {}

  static List<LocalityEndpoints> translate(ClusterLoadAssignment from, Problems problems) {
    List<LocalityEndpoints> localities = new ArrayList<>(from.getEndpointsCount());
    for (int i = 0; i < from.getEndpointsCount(); i++) {
      localities.add(locality(from.getEndpoints(i), problems.at("endpoints", i)));
    }
    return localities;
  }

  private static LocalityEndpoints locality(LocalityLbEndpoints from, Problems problems) {
    List<EndpointSpec> endpoints = new ArrayList<>(from.getLbEndpointsCount());
    for (int i = 0; i < from.getLbEndpointsCount(); i++) {
      endpoint(from.getLbEndpoints(i), problems.at("lb_endpoints", i)).ifPresent(endpoints::add);
    }
    int priority = from.getPriority();
    if (priority < 0) { // an unsigned number beyond what an int holds
      problems.at("priority").add(Integer.toUnsignedString(priority), "0 to 2147483647");
      priority = 0;
    }
    return new LocalityEndpoints(locality(from.getLocality()), priority, endpoints);
  }

  private static Locality locality(io.envoyproxy.envoy.config.core.v3.Locality from) {
    return new Locality(from.getRegion(), from.getZone(), from.getSubZone());
  }

  private static Optional<EndpointSpec> endpoint(LbEndpoint from, Problems problems) {
    Optional<HostPort> address =
        Addresses.translate(
            from.getEndpoint().getAddress(), 1, problems.at("endpoint").at("address"));
    int weight = from.hasLoadBalancingWeight() ? from.getLoadBalancingWeight().getValue() : 1;
    if (weight < 1) {
      problems.at("load_balancing_weight").add(Integer.toUnsignedString(weight), "1 to 2147483647");
      return Optional.empty();
    }
    var tags = LbMetadata.translate(from.getMetadata(), problems.at("metadata"));
    return address.map(at -> new EndpointSpec(at, weight, tags));
  }
}
