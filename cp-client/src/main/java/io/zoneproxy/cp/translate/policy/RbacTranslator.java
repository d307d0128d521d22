package io.zoneproxy.cp.translate.policy;

import com.github.xds.core.v3.TypedExtensionConfig;
import com.github.xds.type.matcher.v3.Matcher;
import io.envoyproxy.envoy.config.rbac.v3.Action;
import io.envoyproxy.envoy.config.rbac.v3.RBAC;
import io.zoneproxy.core.model.policy.MatchTree;
import io.zoneproxy.core.model.policy.RbacSpec;
import io.zoneproxy.core.model.policy.RbacSpec.Rules;
import io.zoneproxy.core.model.policy.RbacSpec.Verdict;
import io.zoneproxy.cp.translate.value.Problems;
import io.zoneproxy.cp.translate.value.Typed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Who may pass: the two RBAC filters of Envoy, which say the same. Pure. */
public final class RbacTranslator {
  private RbacTranslator() {}

  /** The filter of connections. */
  public static RbacSpec network(
      io.envoyproxy.envoy.extensions.filters.network.rbac.v3.RBAC from, Problems problems) {
    return new RbacSpec(
        rules(from.hasRules(), from.getRules(), problems.at("rules")),
        matcher(from.hasMatcher(), from.getMatcher(), problems.at("matcher")),
        rules(from.hasShadowRules(), from.getShadowRules(), problems.at("shadow_rules")),
        matcher(from.hasShadowMatcher(), from.getShadowMatcher(), problems.at("shadow_matcher")));
  }

  /** The filter of requests. */
  public static RbacSpec http(
      io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC from, Problems problems) {
    return new RbacSpec(
        rules(from.hasRules(), from.getRules(), problems.at("rules")),
        matcher(from.hasMatcher(), from.getMatcher(), problems.at("matcher")),
        rules(from.hasShadowRules(), from.getShadowRules(), problems.at("shadow_rules")),
        matcher(from.hasShadowMatcher(), from.getShadowMatcher(), problems.at("shadow_matcher")));
  }

  private static Optional<Rules> rules(boolean present, RBAC from, Problems problems) {
    if (!present) {
      return Optional.empty();
    }
    List<RbacSpec.Policy> policies = new ArrayList<>();
    from.getPoliciesMap()
        .forEach(
            (name, policy) ->
                policies.add(RbacRules.policy(name, policy, problems.in("policies", name))));
    return Optional.of(new Rules(action(from.getAction(), problems.at("action")), policies));
  }

  private static Optional<MatchTree<Verdict>> matcher(
      boolean present, Matcher from, Problems problems) {
    return present
        ? Optional.of(Matchers.tree(from, RbacTranslator::verdict, problems))
        : Optional.empty();
  }

  private static Optional<Verdict> verdict(TypedExtensionConfig from, Problems problems) {
    Problems at = problems.at("typed_config");
    return Typed.read(from.getTypedConfig(), Action.getDescriptor(), Action.parser(), at)
        .map(action -> new Verdict(action.getName(), action(action.getAction(), at.at("action"))));
  }

  private static RbacSpec.Action action(RBAC.Action from, Problems problems) {
    return switch (from) {
      case ALLOW -> RbacSpec.Action.ALLOW;
      case DENY -> RbacSpec.Action.DENY;
      case LOG -> RbacSpec.Action.LOG;
      default -> {
        problems.add(from, "ALLOW, DENY or LOG");
        yield RbacSpec.Action.DENY;
      }
    };
  }
}
