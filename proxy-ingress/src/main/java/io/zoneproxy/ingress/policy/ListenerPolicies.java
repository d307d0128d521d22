package io.zoneproxy.ingress.policy;

import io.zoneproxy.core.resource.Policy;
import io.zoneproxy.core.resource.Resources;
import io.zoneproxy.core.resource.policy.Target;
import io.zoneproxy.core.resource.policy.Treatment;
import io.zoneproxy.core.resource.policy.Treatment.Kind;
import io.zoneproxy.core.resource.policy.Treatment.Rule;
import java.util.List;

/** The policies of a mesh of the kinds of {@link Treatment}, as one listener meets them. */
public final class ListenerPolicies {
  private final List<Policy> all;
  private final Audience audience;

  /**
   * Finds them.
   *
   * @param audience the listener
   */
  public ListenerPolicies(Resources resources, String mesh, Audience audience) {
    this.audience = audience;
    all =
        resources
            .policies(Treatment.class, mesh)
            .sorted(Targets.byPrecedence(policy -> treatment(policy).target()))
            .toList();
  }

  /** All of the mesh, whomever they are for: a later one counts more. */
  public List<Policy> all() {
    return all;
  }

  /** Those that are for the listener, in the same order. */
  public List<Policy> reaching() {
    return all.stream().filter(policy -> audience.has(treatment(policy).target())).toList();
  }

  /** The rules of a kind that are for the listener, a later one over an earlier one. */
  public List<NamedRule> rules(Kind kind) {
    return reaching().stream()
        .filter(policy -> treatment(policy).kind() == kind)
        .flatMap(
            policy ->
                rules(treatment(policy)).stream()
                    .map(rule -> new NamedRule(Targets.name(policy.meta()), rule)))
        .toList();
  }

  /** Without rules, a limit that was {@code from} everybody is one, as Kuma reads it. */
  static List<Rule> rules(Treatment treatment) {
    if (treatment.kind() != Kind.RATE_LIMIT || !treatment.rules().isEmpty()) {
      return treatment.rules();
    }
    return treatment.entries().stream()
        .filter(entry -> entry.of().kind().equals(Target.ALL))
        .map(entry -> new Rule(List.of(), entry.settings(), entry.field()))
        .toList();
  }

  /** What such a policy says. */
  public static Treatment treatment(Policy policy) {
    return (Treatment) policy.spec();
  }
}
