package io.zoneproxy.ingress.driven;

import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.balance.CircuitBreakers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The limits of the clusters of a configuration, in one line: most clusters have the same. */
final class LimitsText {
  /** Different limits that are shown; who has more looks at {@code /clusters}. */
  private static final int MOST_SHOWN = 3;

  private LimitsText() {}

  /** The line; "" when no cluster has limits. */
  static String of(ProxySnapshot snapshot) {
    Map<CircuitBreakers, List<String>> by =
        snapshot.clusters().values().stream()
            .filter(cluster -> !cluster.policy().limits().equals(CircuitBreakers.NONE))
            .collect(
                Collectors.groupingBy(
                    cluster -> cluster.policy().limits(),
                    Collectors.mapping(ClusterSpec::name, Collectors.toList())));
    List<Map.Entry<CircuitBreakers, List<String>>> most =
        by.entrySet().stream()
            .sorted(
                Comparator.comparing(
                    (Map.Entry<CircuitBreakers, List<String>> each) -> -each.getValue().size()))
            .limit(MOST_SHOWN)
            .toList();
    List<String> texts = new ArrayList<>();
    most.forEach(each -> texts.add(text(each.getKey(), each.getValue())));
    return String.join("; ", texts)
        + (by.size() > MOST_SHOWN
            ? "; " + (by.size() - MOST_SHOWN) + " others, see /clusters"
            : "");
  }

  private static String text(CircuitBreakers limits, List<String> names) {
    String who = names.size() == 1 ? "cluster " + names.get(0) : names.size() + " clusters";
    return "%s: %s connections, %s pending, %s requests, %s retries at a time"
        .formatted(
            who,
            limits.maxConnections(),
            limits.maxPendingRequests(),
            limits.maxRequests(),
            limits.maxRetries());
  }
}
