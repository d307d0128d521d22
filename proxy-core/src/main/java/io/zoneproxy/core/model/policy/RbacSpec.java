package io.zoneproxy.core.model.policy;

import java.util.List;
import java.util.Optional;

/**
 * Who may pass (Envoy's RBAC filters). Kuma sends either rules or a matcher; both absent lets
 * everybody pass.
 *
 * @param rules present but without policies denies (or with {@link Action#DENY}: allows) everybody
 * @param matcher the first condition that holds decides; none, and nothing otherwise, denies
 * @param shadowRules evaluated and counted, never enforced
 * @param shadowMatcher evaluated and counted, never enforced
 */
public record RbacSpec(
    Optional<Rules> rules,
    Optional<MatchTree<Verdict>> matcher,
    Optional<Rules> shadowRules,
    Optional<MatchTree<Verdict>> shadowMatcher) {

  /** What a policy that fits does. */
  public enum Action {
    ALLOW,
    DENY,
    /** Lets pass, whatever fits. */
    LOG
  }

  /**
   * Policies under one action: with ALLOW one must fit, with DENY none may.
   *
   * @param policies in no particular order
   */
  public record Rules(Action action, List<Policy> policies) {
    public Rules {
      policies = List.copyOf(policies);
    }
  }

  /**
   * Fits when any permission and any principal fit.
   *
   * @param name of the policy in Kuma
   */
  public record Policy(String name, List<Permission> permissions, List<Principal> principals) {
    public Policy {
      permissions = List.copyOf(permissions);
      principals = List.copyOf(principals);
    }
  }

  /**
   * The outcome of a matcher.
   *
   * @param name of the policy in Kuma, for logs and {@code explain}
   */
  public record Verdict(String name, Action action) {}
}
