package io.zoneproxy.core.config.kuma;

import io.zoneproxy.core.config.kuma.policy.CallerReader;
import io.zoneproxy.core.config.kuma.policy.TargetReader;
import io.zoneproxy.core.config.yaml.Fields;
import io.zoneproxy.core.resource.Meta;
import io.zoneproxy.core.resource.Policy;
import io.zoneproxy.core.resource.policy.MeshTrafficPermission;
import io.zoneproxy.core.resource.policy.MeshTrafficPermission.Action;
import io.zoneproxy.core.resource.policy.MeshTrafficPermission.From;
import io.zoneproxy.core.resource.policy.MeshTrafficPermission.Rule;
import io.zoneproxy.core.resource.policy.Target;
import io.zoneproxy.core.resource.policy.TrafficPermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code MeshTrafficPermission} and {@code TrafficPermission}. */
final class PermissionReaders {
  /** The fields of a rule, which are the actions in another spelling. */
  private static final Map<String, Action> LISTS =
      Map.of(
          "allow", Action.ALLOW,
          "deny", Action.DENY,
          "allowWithShadowDeny", Action.ALLOW_WITH_SHADOW_DENY);

  private static final Map<String, Action> ACTIONS =
      Map.of(
          "Allow", Action.ALLOW,
          "Deny", Action.DENY,
          "AllowWithShadowDeny", Action.ALLOW_WITH_SHADOW_DENY);

  private PermissionReaders() {}

  static Optional<Policy> mesh(Meta meta, Fields spec, ResourceReader.Use use) {
    Target target =
        spec.mapping("targetRef")
            .map(fields -> TargetReader.read(fields, TargetReader.PROTECTED))
            .orElse(Target.MESH);
    List<From> from = new ArrayList<>();
    for (Fields each : spec.mappings("from")) {
      each.only(List.of("targetRef", "default"));
      Optional<Target> callers =
          each.requiredMapping("targetRef")
              .map(fields -> TargetReader.read(fields, TargetReader.CALLERS));
      Optional<Action> action = each.requiredMapping("default").map(PermissionReaders::action);
      callers.ifPresent(who -> action.ifPresent(does -> from.add(new From(who, does))));
    }
    List<Rule> rules = new ArrayList<>();
    for (Fields each : spec.mappings("rules")) {
      each.only(List.of("default"));
      each.requiredMapping("default").ifPresent(fields -> addRules(fields, rules));
    }
    if (spec.has("from") == spec.has("rules")) {
      spec.error(
          "from", (spec.has("from") ? "beside rules" : "missing") + " (expected: from or rules)");
    }
    return Optional.of(new Policy(meta, new MeshTrafficPermission(target, from, rules)));
  }

  /** A wrong one is reported, and refuses the document. */
  private static Action action(Fields fields) {
    fields.only(List.of("action"));
    if (!fields.has("action")) {
      fields.error("action", "missing (expected: Allow, Deny or AllowWithShadowDeny)");
    }
    String action = fields.choice("action", ACTIONS.keySet().stream().sorted().toList());
    return ACTIONS.getOrDefault(action, Action.DENY);
  }

  private static void addRules(Fields fields, List<Rule> rules) {
    fields.only(LISTS.keySet());
    LISTS.forEach(
        (list, action) -> fields.mappings(list).forEach(match -> rules.add(rule(action, match))));
  }

  private static Rule rule(Action action, Fields match) {
    CallerReader.check(match);
    return new Rule(action, CallerReader.spiffeId(match), CallerReader.serverName(match));
  }

  static Optional<Policy> older(Meta meta, Fields spec, ResourceReader.Use use) {
    return Optional.of(
        new Policy(
            meta, new TrafficPermission(matches(spec, "sources"), matches(spec, "destinations"))));
  }

  private static List<Map<String, String>> matches(Fields spec, String list) {
    List<Map<String, String>> matches = new ArrayList<>();
    for (Fields each : spec.mappings(list)) {
      each.only(List.of("match"));
      Map<String, String> tags = each.texts("match");
      if (tags.isEmpty()) {
        each.error("match", "empty (expected: at least kuma.io/service)");
      }
      matches.add(tags);
    }
    if (matches.isEmpty()) {
      spec.error(list, "none (expected: at least one)");
    }
    return matches;
  }
}
