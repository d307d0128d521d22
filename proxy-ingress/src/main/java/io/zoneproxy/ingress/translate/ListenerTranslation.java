package io.zoneproxy.ingress.translate;

import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ClusterPolicy;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.LocalityEndpoints;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.Source;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * Collects one listener's chains and clusters, and what there is to say about them. A server name
 * belongs to the first that asks for it; a second is told. For one thread.
 */
public final class ListenerTranslation {
  private final String role;
  private final String name;
  private final HostPort address;
  private final Map<String, Route> routes = new LinkedHashMap<>();
  private final Map<String, ClusterSpec> clusters = new LinkedHashMap<>();
  private final Set<Problem> notices = new LinkedHashSet<>();
  private final Map<Rivals, Collision> collisions = new LinkedHashMap<>();

  /**
   * Begins one.
   *
   * @param role see {@link Translation#role()}
   * @param name the listener's name, as Kuma names it
   * @param address where it listens
   */
  public ListenerTranslation(String role, String name, HostPort address) {
    this.role = role;
    this.name = name;
    this.address = address;
  }

  /** Something that somebody should look at; the same thing is said once. */
  public void notice(Problem problem) {
    notices.add(problem);
  }

  /**
   * Says it when the proxy's own resource names another zone.
   *
   * @param named by the resource; "" when it names none
   * @param source where the resource stands
   * @param zone the proxy's
   */
  public void noticeOtherZone(String named, Source source, String zone) {
    if (!named.isEmpty() && !named.equals(zone)) {
      notice(
          Problem.warning(
              source, "zone", "%s (expected: %s, the zone of this proxy)".formatted(named, zone)));
    }
  }

  /**
   * Gives a service in tag form its cluster, {@code mesh:service}, and a chain for every
   * combination of tags that some endpoint carries.
   *
   * @param localities the endpoints; their tags make the combinations
   */
  public void routeTags(
      String mesh, String service, List<LocalityEndpoints> localities, RouteOwner owner) {
    ClusterSpec cluster = cluster(mesh + ":" + service, localities);
    routeTags(
        mesh,
        service,
        cluster,
        (sni, subset) -> ChainSpec.passthrough(sni, cluster.name(), subset),
        owner);
  }

  private void noticeCut(TagCombinations combinations, RouteOwner owner) {
    if (combinations.leftOut() > 0) {
      notice(
          Problem.warning(
              owner.source(),
              "",
              "%s has too many combinations of tags: up to %d are left out (expected: at most %d; those of the most tags go first)"
                  .formatted(owner.name(), combinations.leftOut(), TagCombinations.MAX_NAMES)));
    }
    if (!combinations.ambiguous().isEmpty()) {
      notice(
          Problem.warning(
              owner.source(),
              "",
              "%s has tags that differ in case only, which an SNI cannot tell apart, for example %s: the first is taken"
                  .formatted(owner.name(), combinations.ambiguous())));
    }
  }

  /**
   * Gives a server name a cluster with these endpoints.
   *
   * @param serverName in lower case
   * @param localities may be empty: the chain is there, and its connections find no endpoint
   */
  public void route(
      String serverName, String cluster, List<LocalityEndpoints> localities, RouteOwner owner) {
    route(serverName, cluster(cluster, localities), Map.of(), owner);
  }

  /**
   * Gives a service in tag form a cluster of the caller's, and chains of the caller's for every
   * combination of tags that some endpoint carries.
   *
   * @param cluster its endpoints' tags make the combinations
   * @param chains makes the one of a server name and a subset
   */
  public void routeTags(
      String mesh,
      String service,
      ClusterSpec cluster,
      BiFunction<String, Map<String, String>, ChainSpec> chains,
      RouteOwner owner) {
    List<Map<String, String>> tags = new ArrayList<>();
    cluster
        .localities()
        .forEach(group -> group.endpoints().forEach(endpoint -> tags.add(endpoint.tags())));
    TagCombinations combinations = TagCombinations.of(service, mesh, tags);
    combinations
        .subsets()
        .forEach((sni, subset) -> route(cluster, chains.apply(sni, subset), owner));
    noticeCut(combinations, owner);
  }

  private void route(
      String serverName, ClusterSpec cluster, Map<String, String> subset, RouteOwner owner) {
    route(cluster, ChainSpec.passthrough(serverName, cluster.name(), subset), owner);
  }

  /**
   * Gives a chain its server name.
   *
   * @param cluster where it leads
   * @param chain its server name in lower case
   */
  public void route(ClusterSpec cluster, ChainSpec chain, RouteOwner owner) {
    String serverName = chain.serverName();
    Route taken = routes.putIfAbsent(serverName, new Route(chain, owner));
    if (taken == null) {
      clusters.putIfAbsent(cluster.name(), cluster);
    } else if (!taken.owner().equals(owner)) {
      collisions.computeIfAbsent(
              new Rivals(taken.owner(), owner), rivals -> new Collision(serverName))
          .count++;
    }
  }

  private static ClusterSpec cluster(String name, List<LocalityEndpoints> localities) {
    return new ClusterSpec(name, localities, ClusterPolicy.DEFAULT);
  }

  /** The whole of it. */
  public Translation finish() {
    List<ChainSpec> chains = new ArrayList<>(routes.size());
    Map<ChainKey, RouteOwner> owners = new HashMap<>();
    routes.forEach(
        (serverName, route) -> {
          chains.add(route.chain());
          if (!route.chain().isPlainRelay()) {
            owners.put(new ChainKey(name, serverName), route.owner());
          }
        });
    List<Problem> said = new ArrayList<>(notices);
    collisions.forEach((rivals, collision) -> said.add(rivals.problem(collision)));
    return new Translation(
        role, List.of(new ListenerSpec(name, address, chains)), clusters, said, owners);
  }

  private record Route(ChainSpec chain, RouteOwner owner) {}

  private record Rivals(RouteOwner first, RouteOwner second) {
    Problem problem(Collision collision) {
      return Problem.warning(
          second.source(),
          "",
          "%s has the same server name as %s (%s): %s, %d in all, taken by the first"
              .formatted(
                  second.name(), first.name(), first.source(), collision.example, collision.count));
    }
  }

  /** How often two wanted the same name; one notice is enough for all. */
  private static final class Collision {
    private final String example;
    private int count;

    Collision(String example) {
      this.example = example;
    }
  }
}
