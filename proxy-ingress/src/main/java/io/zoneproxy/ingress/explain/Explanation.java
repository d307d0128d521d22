package io.zoneproxy.ingress.explain;

import io.zoneproxy.core.model.Address;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

  /** Whether some listener takes it. */
  public boolean isKnown() {
    return !routes.isEmpty();
  }

  /** Whether some listener refuses neither it nor the caller: the exit code of {@code explain}. */
  public boolean isServed() {
    return routes.stream().anyMatch(Route::isServed);
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
    tree.put("served", isServed());
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
   * @param name what the control plane calls that chain; "" when it does not
   * @param action passthrough, terminate, direct-response, waiting or refused
   * @param reason why; "" when the action says all
   * @param filters what decides before, in words
   * @param caller what becomes of whom was asked about; empty when nobody was
   * @param targets where it, or its requests, may go; none when the proxy itself answers
   */
  public record Route(
      String listener,
      Address address,
      String chain,
      String name,
      String action,
      String reason,
      List<String> filters,
      Optional<Caller> caller,
      List<Target> targets) {
    public Route {
      filters = List.copyOf(filters);
      targets = List.copyOf(targets);
    }

    private boolean isServed() {
      return !action.equals(ChainVerdict.Action.REFUSED.toString())
          && !action.equals(ChainVerdict.Action.WAITING.toString())
          && caller.map(Caller::allowed).orElse(true);
    }

    /** The first cluster; "" when there is none. */
    public String cluster() {
      return targets.isEmpty() ? "" : targets.get(0).cluster();
    }

    /** Tags that an endpoint of the first cluster must carry; empty when any will do. */
    public Map<String, String> subset() {
      return targets.isEmpty() ? Map.of() : targets.get(0).subset();
    }

    /** Those of the first cluster, by priority; empty means that connections are closed. */
    public List<Endpoint> endpoints() {
      return targets.isEmpty() ? List.of() : targets.get(0).endpoints();
    }

    /** The first target stands at the top as well: most chains have but one. */
    private Map<String, Object> tree() {
      Map<String, Object> tree = new LinkedHashMap<>();
      tree.put("listener", listener);
      tree.put("address", address.toString());
      tree.put("chain", chain);
      tree.put("cluster", cluster());
      tree.put("subset", sorted(subset()));
      tree.put("endpoints", endpoints().stream().map(Endpoint::tree).toList());
      tree.put("name", name);
      tree.put("action", action);
      tree.put("reason", reason);
      tree.put("filters", filters);
      caller.ifPresent(one -> tree.put("caller", one.tree()));
      tree.put("targets", targets.stream().map(Target::tree).toList());
      return tree;
    }
  }

  /**
   * Who was asked about.
   *
   * @param identity the first of its URIs
   * @param policy the one that decided; "" when none fits
   * @param why in words
   */
  public record Caller(String identity, boolean allowed, String policy, String why) {
    private Map<String, Object> tree() {
      Map<String, Object> tree = new LinkedHashMap<>();
      tree.put("identity", identity);
      tree.put("allowed", allowed);
      tree.put("policy", policy);
      tree.put("why", why);
      return tree;
    }
  }

  /**
   * A cluster that the connection may go to.
   *
   * @param subset tags that the endpoint must carry; empty when any will do
   * @param percent its share among the clusters, 0 to 100
   * @param notes on balancing, limits and the like, a line each
   * @param endpoints those that carry the tags, by priority; empty means that connections are
   *     closed
   */
  public record Target(
      String cluster,
      Map<String, String> subset,
      double percent,
      List<String> notes,
      List<Endpoint> endpoints) {
    public Target {
      subset = Map.copyOf(subset);
      notes = List.copyOf(notes);
      endpoints = List.copyOf(endpoints);
    }

    private Map<String, Object> tree() {
      Map<String, Object> tree = new LinkedHashMap<>();
      tree.put("cluster", cluster);
      tree.put("percent", percent);
      tree.put("subset", sorted(subset));
      tree.put("notes", notes);
      tree.put("endpoints", endpoints.stream().map(Endpoint::tree).toList());
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
   * @param unhealthy why it is not chosen now; "" when it is
   */
  public record Endpoint(
      Address address, String zone, int priority, int weight, double percent, String unhealthy) {
    /** A healthy one. */
    public Endpoint(Address address, String zone, int priority, int weight, double percent) {
      this(address, zone, priority, weight, percent, "");
    }

    private Map<String, Object> tree() {
      Map<String, Object> tree = new LinkedHashMap<>();
      tree.put("address", address.toString());
      tree.put("zone", zone);
      tree.put("priority", priority);
      tree.put("weight", weight);
      tree.put("percent", percent);
      if (!unhealthy.isEmpty()) {
        tree.put("unhealthy", unhealthy);
      }
      return tree;
    }
  }

  private static Map<String, Object> sorted(Map<String, String> subset) {
    Map<String, Object> sorted = new LinkedHashMap<>();
    subset.keySet().stream().sorted().forEach(key -> sorted.put(key, subset.getOrDefault(key, "")));
    return sorted;
  }
}
