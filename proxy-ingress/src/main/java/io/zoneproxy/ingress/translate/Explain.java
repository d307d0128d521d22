package io.zoneproxy.ingress.translate;

import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.EndpointSpec;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.LocalityEndpoints;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.balance.Destination;
import io.zoneproxy.ingress.translate.Explanation.Endpoint;
import io.zoneproxy.ingress.translate.Explanation.Route;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Answers where a server name goes, from a configuration alone. Any thread. */
public final class Explain {
  /** A share is shown with one decimal; in tree form too, or it would have fifteen. */
  private static final double TENTHS_OF_A_PERCENT = 1000;

  private final ProxySnapshot snapshot;

  private Explain(ProxySnapshot snapshot) {
    this.snapshot = snapshot;
  }

  /**
   * Follows a server name through every listener.
   *
   * @param serverName as a client would send it; "" for none
   */
  public static Explanation explain(ProxySnapshot snapshot, String serverName) {
    Explain explain = new Explain(snapshot);
    List<Route> routes = new ArrayList<>();
    for (ListenerSpec listener : snapshot.listeners()) {
      match(listener, ServerNames.lowerCase(serverName))
          .ifPresent(chain -> routes.add(explain.route(listener, chain)));
    }
    return new Explanation(
        serverName,
        routes,
        routes.isEmpty()
            ? ServerNameSuggestions.nearest(serverName, explain.serverNames())
            : List.of());
  }

  /**
   * The same order as a listener's: the name itself, the longest suffix, the chain for the rest.
   */
  private static Optional<ChainSpec> match(ListenerSpec listener, String serverName) {
    return listener.chains().stream()
        .filter(chain -> takes(ServerNames.lowerCase(chain.serverName()), serverName))
        .max(
            Comparator.comparing(
                    (ChainSpec chain) ->
                        ServerNames.lowerCase(chain.serverName()).equals(serverName))
                .thenComparing(chain -> chain.serverName().length()));
  }

  private static boolean takes(String chain, String serverName) {
    return chain.isEmpty()
        || chain.equals(serverName)
        || (chain.startsWith("*.") && serverName.endsWith(chain.substring(1)));
  }

  private Set<String> serverNames() {
    Set<String> names = new LinkedHashSet<>();
    for (ListenerSpec listener : snapshot.listeners()) {
      listener.chains().forEach(chain -> names.add(ServerNames.lowerCase(chain.serverName())));
    }
    return names;
  }

  private Route route(ListenerSpec listener, ChainSpec chain) {
    Destination.ToCluster to = chain.relaysTo().get(0);
    return new Route(
        listener.name(),
        listener.address(),
        chain.serverName(),
        to.cluster(),
        to.subset(),
        endpoints(to));
  }

  private List<Endpoint> endpoints(Destination.ToCluster to) {
    ClusterSpec cluster = snapshot.clusters().get(to.cluster());
    if (cluster == null) {
      return List.of(); // a snapshot refuses that, but asking is cheaper than trusting
    }
    Map<Integer, Long> weights = weights(cluster, to.subset());
    // Entries of one address and priority are one endpoint to the load balancer, so here too.
    Map<String, Endpoint> endpoints = new LinkedHashMap<>();
    for (LocalityEndpoints locality : cluster.localities()) {
      long all = weights.getOrDefault(locality.priority(), 1L);
      for (EndpointSpec endpoint : locality.endpoints()) {
        if (carries(endpoint, to.subset())) {
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
                  percent(weight, all)));
        }
      }
    }
    List<Endpoint> sorted = new ArrayList<>(endpoints.values());
    sorted.sort(Comparator.comparingInt(Endpoint::priority)); // stable: else as configured
    return sorted;
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
