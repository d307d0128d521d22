package io.zoneproxy.ingress.translate;

import io.zoneproxy.core.model.Address;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What happens to a connection with a server name, or which names are near.
 *
 * @param serverName as asked for
 * @param routes one for each listener that takes it; empty when it is unknown
 * @param nearest known names that may have been meant, nearest first; empty when it is known
 */
public record Explanation(String serverName, List<Route> routes, List<String> nearest) {
  public Explanation {
    routes = List.copyOf(routes);
    nearest = List.copyOf(nearest);
  }

  /** Whether some listener takes it: the exit code of {@code explain}. */
  public boolean isKnown() {
    return !routes.isEmpty();
  }

  /** For people, several lines, each ended; characters that a terminal would obey are replaced. */
  public String text() {
    return new ExplanationText(this).text();
  }

  /** For programs: maps in a fixed order, lists, strings, numbers and booleans, no nulls. */
  public Map<String, Object> tree() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("sni", serverName);
    tree.put("known", isKnown());
    tree.put("routes", routes.stream().map(Route::tree).toList());
    tree.put("nearest", nearest);
    return tree;
  }

  /**
   * What one listener does with it.
   *
   * @param listener its name
   * @param address where it listens
   * @param chain the server name of the chain that takes it; "" is the one that takes all others
   * @param cluster where the connection goes
   * @param subset tags that the endpoint must carry; empty when any will do
   * @param endpoints those that carry them, by priority; empty means that connections are closed
   */
  public record Route(
      String listener,
      Address address,
      String chain,
      String cluster,
      Map<String, String> subset,
      List<Endpoint> endpoints) {
    public Route {
      subset = Map.copyOf(subset);
      endpoints = List.copyOf(endpoints);
    }

    private Map<String, Object> tree() {
      Map<String, Object> tree = new LinkedHashMap<>();
      tree.put("listener", listener);
      tree.put("address", address.toString());
      tree.put("chain", chain);
      tree.put("cluster", cluster);
      tree.put("subset", sorted(subset));
      List<Object> list = new ArrayList<>();
      endpoints.forEach(endpoint -> list.add(endpoint.tree()));
      tree.put("endpoints", list);
      return tree;
    }
  }

  /**
   * An endpoint that the connection may reach.
   *
   * @param address where it is dialed
   * @param zone "" when unknown
   * @param priority 0 is used first
   * @param weight as configured
   * @param percent its share among the endpoints of its priority, 0 to 100
   */
  public record Endpoint(Address address, String zone, int priority, int weight, double percent) {
    private Map<String, Object> tree() {
      Map<String, Object> tree = new LinkedHashMap<>();
      tree.put("address", address.toString());
      tree.put("zone", zone);
      tree.put("priority", priority);
      tree.put("weight", weight);
      tree.put("percent", percent);
      return tree;
    }
  }

  private static Map<String, Object> sorted(Map<String, String> subset) {
    Map<String, Object> sorted = new LinkedHashMap<>();
    subset.keySet().stream().sorted().forEach(key -> sorted.put(key, subset.getOrDefault(key, "")));
    return sorted;
  }
}
