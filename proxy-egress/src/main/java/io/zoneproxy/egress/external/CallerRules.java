package io.zoneproxy.egress.external;

import io.zoneproxy.core.model.policy.MatchTree;
import io.zoneproxy.core.model.policy.Predicate;
import io.zoneproxy.core.model.policy.Principal;
import io.zoneproxy.core.model.policy.RbacSpec;
import io.zoneproxy.core.model.policy.RbacSpec.Verdict;
import io.zoneproxy.core.resource.policy.MeshTrafficPermission.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Collects who may call one chain, and makes its filter: who is denied for good does not pass; of
 * the others, what was said first counts; of whom nothing was said does not pass either. It is one
 * filter, so a caller is counted once, and whoever decided is named.
 */
final class CallerRules {
  /** Nobody would be denied. */
  private static final Verdict PASSES = new Verdict("", RbacSpec.Action.ALLOW);

  private final List<MatchTree.Branch<Verdict>> denied = new ArrayList<>();
  private final List<MatchTree.Branch<Verdict>> decided = new ArrayList<>();
  private final List<MatchTree.Branch<Verdict>> trial = new ArrayList<>();

  /** Who may not pass because of a policy, whoever allows. */
  void deny(String policy, Principal who) {
    denied.add(branch(policy, who, RbacSpec.Action.DENY));
  }

  /** Who may pass because of a policy, if nothing was said of them. */
  void allow(String policy, Principal who) {
    decided.add(branch(policy, who, RbacSpec.Action.ALLOW));
  }

  /** Who would not, if that were more than a trial. */
  void shadowDeny(String policy, Principal who) {
    trial.add(branch(policy, who, RbacSpec.Action.DENY));
  }

  /** What becomes of callers because of a policy, on trial too, if nothing was said of them. */
  void decide(String policy, Principal who, Action action) {
    decided.add(branch(policy, who, denialIf(action == Action.DENY)));
    trial.add(branch(policy, who, denialIf(action == Action.ALLOW_WITH_SHADOW_DENY)));
  }

  /** The filter. */
  RbacSpec spec() {
    boolean tries = trial.stream().anyMatch(each -> each.then().action() == RbacSpec.Action.DENY);
    return new RbacSpec(
        Optional.empty(),
        Optional.of(
            new MatchTree<>(
                Stream.concat(denied.stream(), decided.stream()).toList(), Optional.empty())),
        Optional.empty(),
        tries ? Optional.of(new MatchTree<>(trial, Optional.of(PASSES))) : Optional.empty());
  }

  private static RbacSpec.Action denialIf(boolean denies) {
    return denies ? RbacSpec.Action.DENY : RbacSpec.Action.ALLOW;
  }

  private static MatchTree.Branch<Verdict> branch(
      String policy, Principal who, RbacSpec.Action action) {
    return new MatchTree.Branch<>(new Predicate.Caller(who), new Verdict(policy, action));
  }
}
