package io.zoneproxy.core.upstream;

import io.zoneproxy.core.model.ClusterPolicy;
import io.zoneproxy.core.model.Locality;
import io.zoneproxy.core.upstream.balance.Balancer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** The endpoints of one priority while levels are computed, by locality where that matters. */
final class Tier {
  private static final double WHOLE = 100;

  private final ClusterPolicy policy;
  private final Map<Locality, Part> parts = new LinkedHashMap<>();

  Tier(ClusterPolicy policy) {
    this.policy = policy;
  }

  /** Endpoints and their weights: one that several members name is one endpoint. */
  private static final class Part {
    private final int weight;
    private final Map<Endpoint, Integer> all = new LinkedHashMap<>();
    private final Map<Endpoint, Integer> healthy = new LinkedHashMap<>();

    Part(int weight) {
      this.weight = weight;
    }
  }

  /** One that has no address is not there, as in Envoy, whose endpoints are addresses. */
  void add(Cluster.Member member) {
    if (member.endpoint().resolved()) {
      boolean apart = policy.spread().localityWeighted();
      Locality key = apart ? member.locality() : Locality.ofZone("");
      Part part = parts.computeIfAbsent(key, locality -> new Part(member.localityWeight()));
      int weight = member.spec().weight();
      part.all.merge(member.endpoint(), weight, Cluster::addWeights);
      if (member.healthy()) {
        part.healthy.merge(member.endpoint(), weight, Cluster::addWeights);
      }
    }
  }

  int total() {
    return parts.values().stream().mapToInt(part -> part.all.size()).sum();
  }

  int healthy() {
    return parts.values().stream().mapToInt(part -> part.healthy.size()).sum();
  }

  /**
   * What connections choose from.
   *
   * @param panic all endpoints instead of the healthy ones, or none, as configured
   */
  Level level(boolean panic, LongSupplier random) {
    if (panic) {
      return policy.spread().failOnPanic() ? Level.NONE : whole(true, random);
    }
    List<Part> weighted = parts.values().stream().filter(part -> share(part) > 0).toList();
    return policy.spread().localityWeighted() && !weighted.isEmpty()
        ? byLocality(weighted, random)
        : whole(false, random);
  }

  private Level whole(boolean panic, LongSupplier random) {
    Map<Endpoint, Double> weights = new LinkedHashMap<>();
    for (Part part : parts.values()) {
      (panic ? part.all : part.healthy)
          .forEach((endpoint, weight) -> weights.merge(endpoint, (double) weight, Tier::add));
    }
    return new Level(groups(List.of(weights), random), new double[] {1}, panic);
  }

  /** The more of a locality is ill, the fewer turns it has, once overprovisioning is used up. */
  private double share(Part part) {
    double available = (double) part.healthy.size() / Math.max(1, part.all.size());
    double factor = policy.spread().overprovisioningPercent() / WHOLE;
    return part.weight * Math.min(1, available * factor);
  }

  private Level byLocality(List<Part> weighted, LongSupplier random) {
    if (Balancer.byHash(policy.balancing())) {
      return new Level(groups(List.of(spread(weighted)), random), new double[] {1}, false);
    }
    double[] bounds = new double[weighted.size()];
    List<Map<Endpoint, Double>> each = new ArrayList<>();
    double sum = 0;
    for (int i = 0; i < bounds.length; i++) {
      sum += share(weighted.get(i));
      bounds[i] = sum;
      Map<Endpoint, Double> weights = new LinkedHashMap<>();
      weighted.get(i).healthy.forEach((endpoint, weight) -> weights.put(endpoint, (double) weight));
      each.add(weights);
    }
    return new Level(groups(each, random), bounds, false);
  }

  /** On one ring: the weight of a locality is spread over its endpoints. */
  private Map<Endpoint, Double> spread(List<Part> weighted) {
    Map<Endpoint, Double> weights = new LinkedHashMap<>();
    for (Part part : weighted) {
      double sum = part.healthy.values().stream().mapToDouble(Integer::doubleValue).sum();
      part.healthy.forEach(
          (endpoint, weight) -> weights.merge(endpoint, share(part) * weight / sum, Tier::add));
    }
    return weights;
  }

  private static double add(double one, double other) {
    return Math.min(Integer.MAX_VALUE, one + other); // a schedule can take no more
  }

  private List<Group> groups(List<Map<Endpoint, Double>> weights, LongSupplier random) {
    return weights.stream()
        .filter(each -> !each.isEmpty())
        .map(each -> new Group(each, policy.balancing(), random))
        .toList();
  }
}
