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
    switch (treatment.kind()) {
      case RATE_LIMIT -> tellLost(policy, NO_LIMITS, "local.tcp");
      case TIMEOUT -> {
        tellLost(policy, NO_TIMES, "idleTimeout");
        treatment.entries().forEach(entry -> lost(policy, entry.field(), "rules"));
      }
      case ACCESS_LOG -> tellLost(policy, List.of(), "");
      case TRACE, FAULT_INJECTION ->
          lost(policy, "type", "one for connections: there are no requests where TLS goes through");
      default -> {} // for the endpoints of services, wherever these are reached from
    }
  }

  /**
   * Of rules.
   *
   * @param fields that do nothing
   * @param expected in their place
   */
  private void tellLost(Policy policy, List<String> fields, String expected) {
    Treatment treatment = ListenerPolicies.treatment(policy);
    for (Treatment.Rule rule : ListenerPolicies.rules(treatment)) {
      if (ChainRules.isForSome(rule)) {
        lost(
            policy,
            rule.field() + ".matches",
            "sni, or none: TLS goes through, and callers are not known");
        continue;
      }
      Settings set = rule.settings();
      fields.stream()
          .filter(set::has)
          .forEach(field -> lost(policy, rule.field() + ".default." + field, expected));
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
