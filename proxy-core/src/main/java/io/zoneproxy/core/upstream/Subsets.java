package io.zoneproxy.core.upstream;

import io.zoneproxy.core.model.balance.SubsetPolicy;
import io.zoneproxy.core.model.balance.SubsetPolicy.Fallback;
import io.zoneproxy.core.model.balance.SubsetPolicy.Selector;
import java.util.List;
import java.util.Map;

/**
 * Which endpoints wanted tags mean. Envoy's rules: without a selector nothing is looked at; the
 * keys must be those of a selector, or the policy's fallback counts; when no endpoint has the
 * values, the selector's fallback counts. Whether endpoints are healthy makes no difference here.
 */
final class Subsets {
  private Subsets() {}

  static List<Cluster.Member> select(
      SubsetPolicy policy, Map<String, String> wanted, List<Cluster.Member> all) {
    if (policy.equals(SubsetPolicy.NONE)) {
      return all;
    }
    if (policy.equals(SubsetPolicy.STRICT)) {
      return carrying(wanted, all);
    }
    for (Selector selector : policy.selectors()) {
      if (!wanted.isEmpty() && selector.keys().equals(wanted.keySet())) {
        List<Cluster.Member> found = carrying(wanted, all);
        return found.isEmpty() ? otherwise(selector.fallback(), all) : found;
      }
    }
    return otherwise(policy.fallback(), all);
  }

  private static List<Cluster.Member> carrying(
      Map<String, String> wanted, List<Cluster.Member> all) {
    return wanted.isEmpty()
        ? all
        : all.stream()
            .filter(member -> member.spec().tags().entrySet().containsAll(wanted.entrySet()))
            .toList();
  }

  private static List<Cluster.Member> otherwise(Fallback fallback, List<Cluster.Member> all) {
    return fallback == Fallback.ANY_ENDPOINT ? all : List.of();
  }
}
