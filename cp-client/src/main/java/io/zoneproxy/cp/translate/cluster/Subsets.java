package io.zoneproxy.cp.translate.cluster;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.LbSubsetConfig;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.LbSubsetConfig.LbSubsetSelector;
import io.zoneproxy.core.model.balance.SubsetPolicy;
import io.zoneproxy.core.model.balance.SubsetPolicy.Fallback;
import io.zoneproxy.core.model.balance.SubsetPolicy.Selector;
import io.zoneproxy.cp.translate.value.Problems;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** Subsets of endpoints by tags. */
final class Subsets {
  private Subsets() {}

  static SubsetPolicy of(Cluster cluster, Problems problems) {
    if (!cluster.hasLbSubsetConfig()) {
      return SubsetPolicy.NONE;
    }
    LbSubsetConfig from = cluster.getLbSubsetConfig();
    Fallback fallback = fallback(from, problems.at("fallback_policy"));
    List<Selector> selectors = new ArrayList<>(from.getSubsetSelectorsCount());
    for (int i = 0; i < from.getSubsetSelectorsCount(); i++) {
      LbSubsetSelector each = from.getSubsetSelectors(i);
      Problems at = problems.at("subset_selectors", i);
      if (each.getKeysCount() == 0) {
        at.at("keys").add("none", "at least one");
      }
      selectors.add(
          new Selector(
              new HashSet<>(each.getKeysList()),
              fallback(each, fallback, at.at("fallback_policy"))));
    }
    return new SubsetPolicy(fallback, selectors);
  }

  private static Fallback fallback(LbSubsetConfig from, Problems problems) {
    return switch (from.getFallbackPolicy()) {
      case NO_FALLBACK -> Fallback.NO_ENDPOINT;
      case ANY_ENDPOINT -> Fallback.ANY_ENDPOINT;
      default -> {
        problems.add(from.getFallbackPolicy(), "NO_FALLBACK or ANY_ENDPOINT");
        yield Fallback.NO_ENDPOINT;
      }
    };
  }

  private static Fallback fallback(LbSubsetSelector from, Fallback cluster, Problems problems) {
    return switch (from.getFallbackPolicy()) {
      case NOT_DEFINED -> cluster;
      case NO_FALLBACK -> Fallback.NO_ENDPOINT;
      case ANY_ENDPOINT -> Fallback.ANY_ENDPOINT;
      default -> {
        problems.add(from.getFallbackPolicy(), "NO_FALLBACK or ANY_ENDPOINT");
        yield Fallback.NO_ENDPOINT;
      }
    };
  }
}
