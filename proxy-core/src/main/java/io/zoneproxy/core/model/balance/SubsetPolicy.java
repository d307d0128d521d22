package io.zoneproxy.core.model.balance;

import java.util.List;
import java.util.Set;

/**
 * Subsets of a cluster's endpoints by their tags (Envoy: {@code lb_subset_config}).
 *
 * @param fallback for wanted tags whose keys are those of no selector
 * @param selectors sets of keys by which subsets are made
 */
public record SubsetPolicy(Fallback fallback, List<Selector> selectors) {
  /** No subsets: a destination's tags make no difference, as in Envoy without a configuration. */
  public static final SubsetPolicy NONE = new SubsetPolicy(Fallback.ANY_ENDPOINT, List.of());

  /**
   * What resource files mean: the tags that a destination names are wanted, whatever their keys.
   */
  public static final SubsetPolicy STRICT = new SubsetPolicy(Fallback.NO_ENDPOINT, List.of());

  public SubsetPolicy {
    selectors = List.copyOf(selectors);
  }

  /** What is chosen from when the wanted subset is not there. */
  public enum Fallback {
    /** Nothing: the connection ends. */
    NO_ENDPOINT,
    /** All endpoints. */
    ANY_ENDPOINT
  }

  /**
   * A kind of subset.
   *
   * @param fallback when no endpoint has the wanted values
   */
  public record Selector(Set<String> keys, Fallback fallback) {
    public Selector {
      keys = Set.copyOf(keys);
    }
  }
}
