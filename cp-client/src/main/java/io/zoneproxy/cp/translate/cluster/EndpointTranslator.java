package io.zoneproxy.cp.translate.cluster;

import io.envoyproxy.envoy.config.core.v3.HealthStatus;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.zoneproxy.core.model.Address;
import io.zoneproxy.core.model.EndpointSpec;
import io.zoneproxy.core.model.Locality;
import io.zoneproxy.core.model.LocalityEndpoints;
import io.zoneproxy.cp.translate.value.Addresses;
import io.zoneproxy.cp.translate.value.Interned;
import io.zoneproxy.cp.translate.value.Numbers;
import io.zoneproxy.cp.translate.value.Problems;
import io.zoneproxy.cp.translate.value.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A load assignment, of EDS or in a cluster. Pure. */
public final class EndpointTranslator {
  /** Envoy's limit of {@code priority}. */
  private static final int MOST_PRIORITY = 128;

  private static final int LEAST_OVERPROVISIONING = 100; // percent; less would take what is healthy

  private final Interned interned;

  /**
   * @param interned makes equal endpoints, and their tags, one object
   */
  public EndpointTranslator(Interned interned) {
    this.interned = interned;
  }

  /** The assignment; of no use when there are problems. */
  public Assignment translate(ClusterLoadAssignment from, Problems problems) {
    List<LocalityEndpoints> localities = new ArrayList<>(from.getEndpointsCount());
    for (int i = 0; i < from.getEndpointsCount(); i++) {
      localities.add(locality(from.getEndpoints(i), problems.at("endpoints", i)));
    }
    return new Assignment(localities, overprovisioning(from, problems));
  }

  private static int overprovisioning(ClusterLoadAssignment from, Problems problems) {
    ClusterLoadAssignment.Policy policy = from.getPolicy();
    if (policy.getDropOverloadsCount() > 0) {
      problems.at("policy").at("drop_overloads").add("set", "not set: it is not supported");
    }
    if (!policy.hasOverprovisioningFactor()) {
      return Assignment.NOT_SAID;
    }
    Problems at = problems.at("policy").at("overprovisioning_factor");
    int percent = Numbers.count(policy.getOverprovisioningFactor().getValue(), at);
    if (percent < LEAST_OVERPROVISIONING) {
      at.add(percent, LEAST_OVERPROVISIONING + " or more");
    }
    return percent;
  }

  private LocalityEndpoints locality(LocalityLbEndpoints from, Problems problems) {
    List<EndpointSpec> endpoints = new ArrayList<>(from.getLbEndpointsCount());
    for (int i = 0; i < from.getLbEndpointsCount(); i++) {
      endpoint(from.getLbEndpoints(i), problems.at("lb_endpoints", i)).ifPresent(endpoints::add);
    }
    int priority = from.getPriority();
    if (priority < 0 || priority > MOST_PRIORITY) {
      problems.at("priority").add(Integer.toUnsignedString(priority), "0 to " + MOST_PRIORITY);
      priority = 0;
    }
    int weight =
        Numbers.count(
            from.hasLoadBalancingWeight(),
            from.getLoadBalancingWeight(),
            0,
            problems.at("load_balancing_weight"));
    return new LocalityEndpoints(locality(from.getLocality()), priority, weight, endpoints);
  }

  private Locality locality(io.envoyproxy.envoy.config.core.v3.Locality from) {
    return interned.one(new Locality(from.getRegion(), from.getZone(), from.getSubZone()));
  }

  private Optional<EndpointSpec> endpoint(LbEndpoint from, Problems problems) {
    if (!from.hasEndpoint()) {
      problems.add(from.getHostIdentifierCase(), "endpoint");
      return Optional.empty();
    }
    Optional<Address> address =
        Addresses.translate(
            from.getEndpoint().getAddress(),
            Addresses.FIRST_PORT,
            problems.at("endpoint").at("address"));
    int weight = from.hasLoadBalancingWeight() ? from.getLoadBalancingWeight().getValue() : 1;
    if (weight < 1) {
      problems.at("load_balancing_weight").add(Integer.toUnsignedString(weight), "1 to 2147483647");
      return Optional.empty();
    }
    Problems at = problems.at("metadata");
    Map<String, String> tags = Tags.in(from.getMetadata(), Tags.LB, interned, at);
    Map<String, String> tls = Tags.in(from.getMetadata(), Tags.TLS, interned, at);
    boolean healthy = healthy(from.getHealthStatus(), problems);
    return address.map(
        to -> interned.one(new EndpointSpec(interned.one(to), weight, healthy, tags, tls)));
  }

  private static boolean healthy(HealthStatus from, Problems problems) {
    return switch (from) {
      case UNKNOWN, HEALTHY, DEGRADED -> true;
      case UNHEALTHY, DRAINING, TIMEOUT -> false;
      default -> {
        problems.at("health_status").add(from, "UNKNOWN to DEGRADED");
        yield false;
      }
    };
  }
}
