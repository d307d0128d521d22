package io.zoneproxy.ingress.explain;

import io.zoneproxy.core.model.ClusterPolicy;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.EndpointSpec;
import io.zoneproxy.core.model.LocalityEndpoints;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.balance.Balancing;
import io.zoneproxy.core.model.balance.CircuitBreakers;
import io.zoneproxy.core.model.balance.Destination;
import io.zoneproxy.core.model.balance.SubsetPolicy;
import io.zoneproxy.core.model.balance.SubsetPolicy.Fallback;
import io.zoneproxy.core.observe.ClusterStatus;
import io.zoneproxy.core.observe.ClusterStatus.EndpointStatus;
import io.zoneproxy.core.observe.HealthFlag;
import io.zoneproxy.ingress.explain.Explanation.Endpoint;
import io.zoneproxy.ingress.explain.Explanation.Target;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The clusters that a chain may lead to, and whom they would choose from.
 *
 * @param statuses what is known of running clusters, by name; empty when nothing runs
 */
record Targets(ProxySnapshot snapshot, Map<String, ClusterStatus> statuses) {
  /** A share is shown with one decimal; in tree form too, or it would have fifteen. */
  private static final double TENTHS_OF_A_PERCENT = 1000;

  private static final double ALL = 100;

  /** All of them, in order; each destination once. */
  List<Target> of(Terminal terminal) {
    if (terminal instanceof Terminal.TcpProxy relay) {
      return of(relay.to());
    }
    return terminal instanceof Terminal.HttpProxy proxy
        ? proxy.http().routes().destinations().stream()
            .flatMap(to -> of(to).stream())
            .distinct()
            .toList()
        : List.of();
  }

  private List<Target> of(Destination destination) {
    if (destination instanceof Destination.ToCluster to) {
      return List.of(target(to, ALL));
    }
    List<Destination.Share> shares = ((Destination.Split) destination).shares();
    long all = shares.stream().mapToLong(Destination.Share::weight).sum();
    return shares.stream()
        .map(share -> target(share.to(), all == 0 ? 0 : percent(share.weight(), all)))
        .toList();
  }

  private Target target(Destination.ToCluster to, double percent) {
    ClusterSpec cluster = snapshot.clusters().get(to.cluster());
    if (cluster == null) {
      return new Target(to.cluster(), to.subset(), percent, List.of("has not come"), List.of());
    }
    Map<String, String> wanted = effective(cluster, to.subset());
    List<String> notes = new ArrayList<>(notes(cluster.policy()));
    proxies(cluster.name()).forEach(proxy -> notes.add("through the outbound proxy " + proxy));
    if (!wanted.equals(to.subset())) {
      notes.add("no endpoint carries the subset: any endpoint is chosen (fallback)");
    }
    if (excludesAll(cluster, to.subset())) {
      return new Target(to.cluster(), to.subset(), percent, notes, List.of());
    }
    return new Target(to.cluster(), to.subset(), percent, notes, endpoints(cluster, wanted));
  }

  /** Those that a running cluster asks for the way. */
  private List<String> proxies(String cluster) {
    ClusterStatus status = statuses.get(cluster);
    return status == null
        ? List.of()
        : status.endpoints().stream()
            .map(EndpointStatus::proxy)
            .filter(proxy -> !proxy.isEmpty())
            .distinct()
            .toList();
  }

  private static List<String> notes(ClusterPolicy policy) {
    List<String> notes = new ArrayList<>();
    if (!policy.balancing().equals(Balancing.ROUND_ROBIN)) {
      notes.add("balancing " + balancing(policy.balancing()));
    }
    CircuitBreakers limits = policy.limits();
    if (!limits.equals(CircuitBreakers.NONE)) {
      notes.add(
          "limits %d connections, %d pending, %d requests, %d retries"
              .formatted(
                  limits.maxConnections(),
                  limits.maxPendingRequests(),
                  limits.maxRequests(),
                  limits.maxRetries()));
    }
    return notes;
  }

  private static String balancing(Balancing balancing) {
    if (balancing instanceof Balancing.LeastRequest least) {
      return "least request of " + least.choices();
    } else if (balancing instanceof Balancing.RingHash ring) {
      return "ring hash, %d to %d points".formatted(ring.minSize(), ring.maxSize());
    } else if (balancing instanceof Balancing.Maglev maglev) {
      return "Maglev, table of " + maglev.tableSize();
    }
    return balancing instanceof Balancing.Random ? "random" : "round robin";
  }

  /** The tags that count: none where the policy falls back to any endpoint. */
  private static Map<String, String> effective(ClusterSpec cluster, Map<String, String> wanted) {
    SubsetPolicy policy = cluster.policy().subsets();
    if (wanted.isEmpty() || policy.equals(SubsetPolicy.STRICT)) {
      return wanted;
    }
    boolean found =
        policy.selectors().stream().anyMatch(each -> each.keys().equals(wanted.keySet()))
            && cluster.localities().stream()
                .flatMap(group -> group.endpoints().stream())
                .anyMatch(endpoint -> carries(endpoint, wanted));
    return found || fallback(policy, wanted) == Fallback.NO_ENDPOINT ? wanted : Map.of();
  }

  private static Fallback fallback(SubsetPolicy policy, Map<String, String> wanted) {
    return policy.selectors().stream()
        .filter(each -> each.keys().equals(wanted.keySet()))
        .map(SubsetPolicy.Selector::fallback)
        .findFirst()
        .orElse(policy.fallback());
  }

  /** Keys that no selector has choose nobody, though endpoints carry the tags. */
  private static boolean excludesAll(ClusterSpec cluster, Map<String, String> wanted) {
    SubsetPolicy policy = cluster.policy().subsets();
    return !policy.equals(SubsetPolicy.STRICT)
        && policy.selectors().stream().noneMatch(each -> each.keys().equals(wanted.keySet()))
        && policy.fallback() == Fallback.NO_ENDPOINT;
  }

  private List<Endpoint> endpoints(ClusterSpec cluster, Map<String, String> subset) {
    Map<Integer, Long> weights = weights(cluster, subset);
    // Entries of one address and priority are one endpoint to the load balancer, so here too.
    Map<String, Endpoint> endpoints = new LinkedHashMap<>();
    for (LocalityEndpoints locality : cluster.localities()) {
      long all = weights.getOrDefault(locality.priority(), 1L);
      for (EndpointSpec endpoint : locality.endpoints()) {
        if (carries(endpoint, subset)) {
          String key = locality.priority() + " " + endpoint.address();
          Endpoint before = endpoints.get(key);
          int weight = endpoint.weight() + (before == null ? 0 : before.weight());
          endpoints.put(
              key,
              new Endpoint(
                  endpoint.address(),
                  locality.locality().zone(),
                  locality.priority(),
                  weight,
                  percent(weight, all),
                  health(cluster, locality.priority(), endpoint)));
        }
      }
    }
    List<Endpoint> sorted = new ArrayList<>(endpoints.values());
    sorted.sort(Comparator.comparingInt(Endpoint::priority)); // stable: else as configured
    return sorted;
  }

  /** Why it is not chosen now; "" when it is, as far as is known. */
  private String health(ClusterSpec cluster, int priority, EndpointSpec endpoint) {
    ClusterStatus status = statuses.get(cluster.name());
    if (status == null) {
      return endpoint.healthy() ? "" : word(HealthFlag.FAILED_EDS_HEALTH);
    }
    for (EndpointStatus each : status.endpoints()) {
      if (each.priority() == priority && each.address().equals(endpoint.address())) {
        if (!each.resolved()) {
          return each.barred().isEmpty() ? "name not resolved" : "not dialed: " + each.barred();
        }
        return each.flags().stream().sorted().map(Targets::word).collect(Collectors.joining(", "));
      }
    }
    return "";
  }

  private static String word(HealthFlag flag) {
    return flag.name().toLowerCase(Locale.ROOT);
  }

  private static Map<Integer, Long> weights(ClusterSpec cluster, Map<String, String> subset) {
    Map<Integer, Long> weights = new HashMap<>();
    for (LocalityEndpoints locality : cluster.localities()) {
      for (EndpointSpec endpoint : locality.endpoints()) {
        if (carries(endpoint, subset)) {
          weights.merge(locality.priority(), (long) endpoint.weight(), Long::sum);
        }
      }
    }
    return weights;
  }

  private static boolean carries(EndpointSpec endpoint, Map<String, String> subset) {
    return endpoint.tags().entrySet().containsAll(subset.entrySet());
  }

  private static double percent(long weight, long all) {
    return Math.round(weight * TENTHS_OF_A_PERCENT / all) / (TENTHS_OF_A_PERCENT / 100);
  }
}
