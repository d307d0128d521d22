package io.zoneproxy.ingress.policy;

import io.zoneproxy.core.resource.Dataplane;
import io.zoneproxy.core.resource.Dataplane.Listener.Role;
import io.zoneproxy.core.resource.Policy;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.policy.Settings;
import io.zoneproxy.core.resource.policy.Target;
import io.zoneproxy.core.resource.policy.Treatment;
import io.zoneproxy.core.resource.policy.Treatment.Kind;
import java.util.List;
import java.util.function.Consumer;

/** Says what somebody wrote for a mesh's own way in, and what does nothing there, as in Kuma. */
final class IngressNotices {
  private static final List<String> NO_LIMITS = List.of("local.http");
  private static final List<String> NO_TIMES = List.of("connectionTimeout", "http");

  private final Dataplane own;
  private final Audience audience;
  private final Consumer<Problem> notices;

  /**
   * @param own has the listener
   * @param audience the listener
   */
  IngressNotices(Dataplane own, Audience audience, Consumer<Problem> notices) {
    this.own = own;
    this.audience = audience;
    this.notices = notices;
  }

  void tell(ListenerPolicies policies) {
    policies.all().stream()
        .filter(IngressNotices::isLimit)
        .forEach(
            policy ->
                audience
                    .misspelt(ListenerPolicies.treatment(policy).target())
                    .ifPresent(what -> notice(policy, "spec.targetRef.sectionName", what)));
    policies.reaching().stream()
        .filter(IngressNotices::isLimit)
        .filter(policy -> isForItAlone(ListenerPolicies.treatment(policy).target()))
        .forEach(this::tellLost);
  }

  private static boolean isLimit(Policy policy) {
    Kind kind = ListenerPolicies.treatment(policy).kind();
    return kind == Kind.RATE_LIMIT || kind == Kind.TIMEOUT;
  }

  /** One for more than this listener has its fields for the others. */
  private boolean isForItAlone(Target target) {
    boolean alone =
        own.inbounds().isEmpty()
            && own.listeners().stream().allMatch(each -> each.role() == Role.ZONE_INGRESS);
    return target.kind().equals(Target.DATAPLANE) && (alone || !target.section().isEmpty());
  }

  private void tellLost(Policy policy) {
    Treatment treatment = ListenerPolicies.treatment(policy);
    boolean limits = treatment.kind() == Kind.RATE_LIMIT;
    for (int i = 0; i < treatment.rules().size(); i++) {
      Treatment.Rule rule = treatment.rules().get(i);
      String at = "spec.rules[%d]".formatted(i);
      if (ChainRules.isForSome(rule)) {
        lost(policy, at + ".matches", "sni, or none: TLS goes through, and callers are not known");
        continue;
      }
      Settings set = rule.settings();
      (limits ? NO_LIMITS : NO_TIMES)
          .stream()
              .filter(set::has)
              .forEach(
                  field ->
                      lost(policy, at + ".default." + field, limits ? "local.tcp" : "idleTimeout"));
    }
  }

  private void lost(Policy policy, String field, String expected) {
    notice(
        policy,
        field,
        "does nothing at a listener of type ZoneIngress, as in Kuma (expected: %s)"
            .formatted(expected));
  }

  private void notice(Policy policy, String field, String message) {
    notices.accept(Problem.warning(policy.meta().source(), field, message));
  }
}
