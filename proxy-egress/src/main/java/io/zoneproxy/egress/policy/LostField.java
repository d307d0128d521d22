package io.zoneproxy.egress.policy;

import static io.zoneproxy.ingress.policy.ListenerPolicies.treatment;

import io.zoneproxy.core.resource.Policy;
import io.zoneproxy.core.resource.policy.Target;
import io.zoneproxy.core.resource.policy.Treatment;
import io.zoneproxy.core.resource.policy.Treatment.Kind;
import io.zoneproxy.ingress.policy.ChainRules;
import java.util.ArrayList;
import java.util.List;

/**
 * A field of a limit that does nothing where it stands, as in Kuma, and that somebody wrote for a
 * service outside or for some callers: what is for all of a mesh is for others too.
 *
 * @param field its path
 * @param expected where it would do something
 */
public record LostField(Policy policy, String field, String expected) {
  private static final String FOR_ALL = "a rule without spiffeID";

  static List<LostField> in(List<Policy> policies) {
    List<LostField> lost = new ArrayList<>();
    for (Policy policy : policies) {
      Treatment each = treatment(policy);
      for (Treatment.Entry entry : each.entries()) {
        if (each.kind() == Kind.TIMEOUT && entry.of().kind().equals(Target.EXTERNAL)) {
          String at = entry.field() + ".default.";
          Timeouts.lostInDestination(entry.settings())
              .forEach(field -> lost.add(new LostField(policy, at + field, "rules")));
        }
      }
      each.rules()
          .forEach(rule -> addOf(policy, rule.field() + ".default.", each.kind(), rule, lost));
    }
    return lost;
  }

  private static void addOf(
      Policy policy, String at, Kind kind, Treatment.Rule rule, List<LostField> lost) {
    if (kind == Kind.TIMEOUT && !rule.matches().isEmpty()) {
      Timeouts.lostInRule(rule.settings())
          .forEach(field -> lost.add(new LostField(policy, at + field, "to")));
    }
    if (kind == Kind.TIMEOUT && ChainRules.isForSome(rule)) {
      Timeouts.lostForSome(rule.settings())
          .forEach(field -> lost.add(new LostField(policy, at + field, FOR_ALL)));
    }
    if (kind == Kind.RATE_LIMIT && ChainRules.isForSome(rule) && rule.settings().has("local.tcp")) {
      lost.add(new LostField(policy, at + "local.tcp", FOR_ALL));
    }
  }
}
