package io.zoneproxy.egress.external;

import io.zoneproxy.core.model.policy.Permission;
import io.zoneproxy.core.model.policy.Principal;
import io.zoneproxy.core.model.policy.RbacSpec;
import io.zoneproxy.core.model.policy.RbacSpec.Action;
import io.zoneproxy.core.model.policy.RbacSpec.Rules;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Collects who may call one chain, and makes the filters of it. */
final class CallerRules {
  private final Map<String, List<Principal>> allowed = new LinkedHashMap<>();
  private final Map<String, List<Principal>> shadowDenied = new LinkedHashMap<>();
  private final Map<String, List<Principal>> denied = new LinkedHashMap<>();

  /** Who may pass because of a policy, unless somebody denies. */
  void allow(String policy, Principal who) {
    allowed.computeIfAbsent(policy, name -> new ArrayList<>()).add(who);
  }

  /** Everybody who was allowed so far. */
  List<Principal> allowed() {
    return allowed.values().stream().flatMap(List::stream).toList();
  }

  /** Who would not, if that were more than a trial. */
  void shadowDeny(String policy, Principal who) {
    shadowDenied.computeIfAbsent(policy, name -> new ArrayList<>()).add(who);
  }

  /** Who may not pass because of a policy, whoever allows. */
  void deny(String policy, Principal who) {
    denied.computeIfAbsent(policy, name -> new ArrayList<>()).add(who);
  }

  /**
   * The filters, in order: who is denied, where anybody is, so that the policy has its name in
   * logs; then nobody passes who is not allowed.
   */
  List<RbacSpec> specs() {
    Optional<Rules> shadow =
        shadowDenied.isEmpty()
            ? Optional.empty()
            : Optional.of(new Rules(Action.DENY, policies(shadowDenied)));
    RbacSpec allowing = spec(new Rules(Action.ALLOW, policies(allowed)), shadow);
    return denied.isEmpty()
        ? List.of(allowing)
        : List.of(spec(new Rules(Action.DENY, policies(denied)), Optional.empty()), allowing);
  }

  private static RbacSpec spec(Rules rules, Optional<Rules> shadow) {
    return new RbacSpec(Optional.of(rules), Optional.empty(), shadow, Optional.empty());
  }

  private static List<RbacSpec.Policy> policies(Map<String, List<Principal>> from) {
    return from.entrySet().stream()
        .map(
            each ->
                new RbacSpec.Policy(each.getKey(), List.of(new Permission.Any()), each.getValue()))
        .toList();
  }

  /** Those of one who are none of the others. */
  static Principal without(Principal who, List<Principal> others) {
    return others.isEmpty()
        ? who
        : new Principal.And(
            Stream.concat(Stream.of(who), others.stream().map(Principal.Not::new)).toList());
  }
}
