package io.zoneproxy.cp.translate.policy;

import io.envoyproxy.envoy.config.rbac.v3.Policy;
import io.zoneproxy.core.model.policy.Permission;
import io.zoneproxy.core.model.policy.Principal;
import io.zoneproxy.core.model.policy.RbacSpec;
import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.cp.translate.value.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Permissions and principals. One that is not known is noted and stands as one that nobody has; the
 * resource is refused anyway.
 */
final class RbacRules {
  private static final Permission NOTHING = new Permission.Not(new Permission.Any());
  private static final Principal NOBODY = new Principal.Not(new Principal.Any());

  private RbacRules() {}

  static RbacSpec.Policy policy(String name, Policy from, Problems problems) {
    if (from.hasCondition() || from.hasCheckedCondition()) {
      problems.at("condition").add("set", "not set: it is not supported");
    }
    if (from.getPermissionsCount() == 0) {
      problems.at("permissions").add("none", "at least one");
    }
    if (from.getPrincipalsCount() == 0) {
      problems.at("principals").add("none", "at least one");
    }
    return new RbacSpec.Policy(
        name,
        permissions(from.getPermissionsList(), "permissions", problems),
        principals(from.getPrincipalsList(), "principals", problems));
  }

  private static List<Permission> permissions(
      List<io.envoyproxy.envoy.config.rbac.v3.Permission> from, String field, Problems problems) {
    return each(from, field, problems, RbacRules::permission);
  }

  private static <F, T> List<T> each(
      List<F> from, String field, Problems problems, BiFunction<F, Problems, T> translate) {
    List<T> all = new ArrayList<>(from.size());
    for (int i = 0; i < from.size(); i++) {
      all.add(translate.apply(from.get(i), problems.at(field, i)));
    }
    return all;
  }

  private static Permission permission(
      io.envoyproxy.envoy.config.rbac.v3.Permission from, Problems problems) {
    return switch (from.getRuleCase()) {
      case ANY -> any(from.getAny(), problems) ? new Permission.Any() : NOTHING;
      case AND_RULES ->
          new Permission.And(
              permissions(from.getAndRules().getRulesList(), "rules", problems.at("and_rules")));
      case OR_RULES ->
          new Permission.Or(
              permissions(from.getOrRules().getRulesList(), "rules", problems.at("or_rules")));
      case NOT_RULE -> new Permission.Not(permission(from.getNotRule(), problems.at("not_rule")));
      case DESTINATION_PORT -> new Permission.DestinationPort(from.getDestinationPort());
      case REQUESTED_SERVER_NAME ->
          StringMatches.of(from.getRequestedServerName(), problems.at("requested_server_name"))
              .<Permission>map(Permission.ServerName::new)
              .orElse(NOTHING);
      case HEADER ->
          Headers.match(from.getHeader(), problems.at("header"))
              .<Permission>map(Permission.Header::new)
              .orElse(NOTHING);
      default -> {
        problems.add(
            from.getRuleCase(),
            "any, and_rules, or_rules, not_rule, destination_port, requested_server_name or"
                + " header");
        yield NOTHING;
      }
    };
  }

  private static List<Principal> principals(
      List<io.envoyproxy.envoy.config.rbac.v3.Principal> from, String field, Problems problems) {
    return each(from, field, problems, RbacRules::principal);
  }

  private static Principal principal(
      io.envoyproxy.envoy.config.rbac.v3.Principal from, Problems problems) {
    return switch (from.getIdentifierCase()) {
      case ANY -> any(from.getAny(), problems) ? new Principal.Any() : NOBODY;
      case AND_IDS ->
          new Principal.And(
              principals(from.getAndIds().getIdsList(), "ids", problems.at("and_ids")));
      case OR_IDS ->
          new Principal.Or(principals(from.getOrIds().getIdsList(), "ids", problems.at("or_ids")));
      case NOT_ID -> new Principal.Not(principal(from.getNotId(), problems.at("not_id")));
      case AUTHENTICATED -> authenticated(from.getAuthenticated(), problems.at("authenticated"));
      case DIRECT_REMOTE_IP ->
          new Principal.Source(
              Limits.cidr(from.getDirectRemoteIp(), problems.at("direct_remote_ip")));
      default -> {
        problems.add(
            from.getIdentifierCase(),
            "any, and_ids, or_ids, not_id, authenticated or direct_remote_ip");
        yield NOBODY;
      }
    };
  }

  private static Principal authenticated(
      io.envoyproxy.envoy.config.rbac.v3.Principal.Authenticated from, Problems problems) {
    if (!from.hasPrincipalName()) {
      return new Principal.Authenticated(Optional.empty());
    }
    Optional<StringMatch> name =
        StringMatches.of(from.getPrincipalName(), problems.at("principal_name"));
    return name.isPresent() ? new Principal.Authenticated(name) : NOBODY;
  }

  /** Envoy takes nothing but true. */
  private static boolean any(boolean value, Problems problems) {
    if (!value) {
      problems.at("any").add(false, "true");
    }
    return value;
  }
}
