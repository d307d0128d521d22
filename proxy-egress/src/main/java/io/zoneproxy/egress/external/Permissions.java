package io.zoneproxy.egress.external;

import io.zoneproxy.core.model.policy.Principal;
import io.zoneproxy.core.model.policy.RbacSpec;
import io.zoneproxy.core.resource.Mesh;
import io.zoneproxy.core.resource.Policy;
import io.zoneproxy.core.resource.Resources;
import io.zoneproxy.core.resource.policy.MeshTrafficPermission;
import io.zoneproxy.core.resource.policy.MeshTrafficPermission.Action;
import io.zoneproxy.core.resource.policy.MeshTrafficPermission.From;
import io.zoneproxy.core.resource.policy.MeshTrafficPermission.Rule;
import io.zoneproxy.core.resource.policy.TrafficPermission;
import io.zoneproxy.ingress.policy.Audience;
import io.zoneproxy.ingress.policy.Targets;
import io.zoneproxy.ingress.translate.ServerNames;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who may call the external services of a mesh. */
final class Permissions {
  /** In the place of a policy's name, where there is none to be named. */
  static final String OPEN = "routing.defaultForbidMeshExternalServiceAccess=false of the mesh";

  private final Callers callers;
  private final Optional<String> open;
  private final Audience audience;
  private final List<Policy> meshPermissions;
  private final List<Policy> olderPermissions;

  /** Of the egress of a zone: the mesh says whether a MeshExternalService is open to all. */
  static Permissions ofZone(Mesh mesh, Resources resources) {
    return new Permissions(
        mesh.meta().name(),
        resources,
        mesh.externalForbidden() ? Optional.empty() : Optional.of(OPEN),
        Audience.OF_ZONE);
  }

  /** Of a mesh's own egress: nobody passes whom no policy allows. */
  static Permissions ofMesh(String mesh, Resources resources, Audience audience) {
    return new Permissions(mesh, resources, Optional.empty(), audience);
  }

  /**
   * @param open why everybody may call a MeshExternalService; empty = nobody may
   */
  private Permissions(String name, Resources resources, Optional<String> open, Audience audience) {
    callers = new Callers(name);
    this.open = open;
    this.audience = audience;
    Comparator<Policy> byName = Comparator.comparing(policy -> Targets.name(policy.meta()));
    meshPermissions =
        resources
            .policies(MeshTrafficPermission.class, name)
            .sorted(Targets.byPrecedence(policy -> spec(policy).target()))
            .toList();
    olderPermissions = resources.policies(TrafficPermission.class, name).sorted(byName).toList();
  }

  /** The first policy by tags that would close MeshExternalServices too, if it reached them. */
  Optional<Policy> notReaching() {
    return meshPermissions.stream()
        .filter(policy -> audience.has(spec(policy).target()))
        .filter(policy -> !spec(policy).from().isEmpty())
        .findFirst();
  }

  /**
   * Of a service in the older form: closed unless a policy opens it.
   *
   * @param tags of the service, {@code kuma.io/service} among them
   * @param serverName of the chain
   */
  RbacSpec ofExternal(Map<String, String> tags, String serverName) {
    List<Policy> about =
        meshPermissions.stream()
            .filter(policy -> Targets.isAbout(spec(policy).target(), tags))
            .toList();
    CallerRules rules = new CallerRules();
    if (about.isEmpty()) {
      older(tags).ifPresent(policy -> addOlder(policy, rules));
    }
    about.forEach(policy -> addRules(policy, serverName, rules));
    addFrom(about, rules);
    return rules.spec();
  }

  /** Whether some policy may let a caller of a MeshExternalService pass. */
  boolean allowsAny() {
    return meshPermissions.stream()
        .filter(policy -> audience.has(spec(policy).target()))
        .flatMap(policy -> spec(policy).rules().stream())
        .anyMatch(rule -> rule.action() != Action.DENY);
  }

  /** Of a MeshExternalService. */
  RbacSpec ofMeshExternal(String serverName) {
    CallerRules rules = new CallerRules();
    open.ifPresent(why -> rules.allow(why, new Principal.Any()));
    meshPermissions.stream()
        .filter(policy -> audience.has(spec(policy).target()))
        .forEach(policy -> addRules(policy, serverName, rules));
    return rules.spec();
  }

  /** The last entry that fits a caller decides, of those that no rule allows. */
  private void addFrom(List<Policy> policies, CallerRules rules) {
    for (int i = policies.size() - 1; i >= 0; i--) {
      String name = Targets.name(policies.get(i).meta());
      List<From> entries = spec(policies.get(i)).from();
      for (int j = entries.size() - 1; j >= 0; j--) {
        From entry = entries.get(j);
        rules.decide(name, callers.of(entry.callers()), entry.action());
      }
    }
  }

  /** A chain has one server name, so what a rule says of it is decided here. */
  private static void addRules(Policy policy, String serverName, CallerRules rules) {
    String name = Targets.name(policy.meta());
    for (Rule rule : spec(policy).rules()) {
      boolean fits =
          rule.serverName().map(ServerNames::lowerCase).orElse(serverName).equals(serverName);
      Principal who =
          rule.spiffeId().isPresent()
              ? new Principal.Authenticated(rule.spiffeId())
              : new Principal.Any();
      if (fits && rule.action() == Action.DENY) {
        rules.deny(name, who);
      } else if (fits) {
        rules.allow(name, who);
        if (rule.action() == Action.ALLOW_WITH_SHADOW_DENY) {
          rules.shadowDeny(name, who);
        }
      }
    }
  }

  private void addOlder(Policy policy, CallerRules rules) {
    TrafficPermission permission = (TrafficPermission) policy.spec();
    permission
        .sources()
        .forEach(tags -> rules.allow(Targets.name(policy.meta()), callers.of(tags)));
  }

  /** Of all that are about a service the most specific one counts, and no other. */
  private Optional<Policy> older(Map<String, String> tags) {
    Optional<Policy> best = Optional.empty();
    int bestRank = -1;
    for (Policy policy : olderPermissions) {
      for (Map<String, String> wanted : ((TrafficPermission) policy.spec()).destinations()) {
        int rank = rank(wanted, tags);
        if (rank > bestRank) {
          best = Optional.of(policy);
          bestRank = rank;
        }
      }
    }
    return best;
  }

  /** Whether a service with these tags is meant. */
  static boolean fits(Map<String, String> wanted, Map<String, String> tags) {
    return rank(wanted, tags) >= 0;
  }

  /** Exact values count more than any number of stars; -1 when it does not fit. */
  private static int rank(Map<String, String> wanted, Map<String, String> tags) {
    int exact = 0;
    for (Map.Entry<String, String> each : wanted.entrySet()) {
      boolean any = each.getValue().equals(TrafficPermission.ANY);
      String value = tags.get(each.getKey());
      if (value == null || (!any && !value.equals(each.getValue()))) {
        return -1;
      }
      exact += any ? 0 : 1;
    }
    int stars = wanted.size() - exact;
    return exact * (tags.size() + 1) + stars;
  }

  private static MeshTrafficPermission spec(Policy policy) {
    return (MeshTrafficPermission) policy.spec();
  }
}
