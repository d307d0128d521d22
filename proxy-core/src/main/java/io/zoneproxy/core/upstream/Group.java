package io.zoneproxy.core.upstream;

import io.zoneproxy.core.model.balance.Balancing;
import io.zoneproxy.core.upstream.balance.Balancer;
import java.util.Collection;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Endpoints that are balanced among each other. Immutable; any thread. */
final class Group implements Balancer.Pool {
  /** Enough to pass by what was tried; when most are not usable, the search is not longer. */
  private static final int MOST_TURNS = 16;

  private final Endpoint[] endpoints;
  private final double[] weights;
  private final Balancer balancer;

  /**
   * @param weights of at least one endpoint, greater than 0
   */
  Group(Map<Endpoint, Double> weights, Balancing balancing, LongSupplier random) {
    this.endpoints = weights.keySet().toArray(new Endpoint[0]);
    this.weights = weights.values().stream().mapToDouble(Double::doubleValue).toArray();
    this.balancer = Balancer.of(balancing, this, random);
  }

  @Override
  public int size() {
    return endpoints.length;
  }

  @Override
  public double weight(int index) {
    return weights[index];
  }

  @Override
  public String key(int index) {
    return endpoints[index].address().toString();
  }

  @Override
  public long active(int index) {
    return endpoints[index].active.sum();
  }

  /** The next one that is usable; null when none is. */
  @Nullable Endpoint next(Balancer.Positions positions, long hash, Collection<Endpoint> tried) {
    int index = 0;
    // One that is left out passes its turn on: were it its neighbour's, that one would have both.
    for (int turn = 0; turn < Math.min(endpoints.length, MOST_TURNS); turn++) {
      index = balancer.next(positions, hash, turn);
      if (usable(endpoints[index], tried)) {
        return endpoints[index];
      }
    }
    // The others weigh little beside those left out: no need to wait for their turns.
    return firstFrom(index, tried);
  }

  /** The first that is usable, from a place on; takes no turn. */
  @Nullable Endpoint firstFrom(int first, Collection<Endpoint> tried) {
    for (int i = 0; i < endpoints.length; i++) {
      Endpoint endpoint = endpoints[(first + i) % endpoints.length];
      if (usable(endpoint, tried)) {
        return endpoint;
      }
    }
    return null;
  }

  private static boolean usable(Endpoint endpoint, Collection<Endpoint> tried) {
    return endpoint.resolved() && !tried.contains(endpoint);
  }
}
