package io.zoneproxy.core.upstream;

import io.zoneproxy.core.upstream.balance.Chance;
import java.util.List;

/** One of several clusters, by chance and weight. Immutable. */
final class WeightedUpstreams implements Upstreams {
  private final Picker[] pickers;
  private final double[] bounds;

  /**
   * @param pickers at least one
   * @param weights of each; when all are 0 the first is meant
   */
  WeightedUpstreams(List<Picker> pickers, int[] weights) {
    this.pickers = pickers.toArray(new Picker[0]);
    this.bounds = new double[weights.length];
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      sum += weights[i];
      bounds[i] = sum;
    }
  }

  @Override
  public Picker choose() {
    return pickers[
        bounds[bounds.length - 1] == 0
            ? 0
            : Chance.weighted(bounds, pickers[0].cluster().context().random())];
  }
}
