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

/** Collects who may call one chain, and makes the filter of it. */
final class CallerRules {
  private final Map<String, List<Principal>> allowed = new LinkedHashMap<>();
  private final Map<String, List<Principal>> shadowDenied = new LinkedHashMap<>();
  private final List<Principal> denied = new ArrayList<>();

  /** Who may pass because of a policy, unless somebody denies. */
  void allow(String policy, Principal who) {
    allowed.computeIfAbsent(policy, name -> new ArrayList<>()).add(who);
  }

  /** Who would not, if that were more than a trial. */
  void shadowDeny(String policy, Principal who) {
    shadowDenied.computeIfAbsent(policy, name -> new ArrayList<>()).add(who);
  }

  /** Who may not pass, whoever allows. */
  void deny(Principal who) {
    denied.add(who);
  }

  /** Nobody passes who is not allowed. */
  RbacSpec spec() {
    Optional<Rules> shadow =
        shadowDenied.isEmpty()
            ? Optional.empty()
            : Optional.of(new Rules(Action.DENY, policies(shadowDenied)));
    return new RbacSpec(
        Optional.of(new Rules(Action.ALLOW, policies(allowed))),
        Optional.empty(),
        shadow,
        Optional.empty());
  }

  private List<RbacSpec.Policy> policies(Map<String, List<Principal>> from) {
    return from.entrySet().stream()
        .map(
            each ->
                new RbacSpec.Policy(
                    each.getKey(),
                    List.of(new Permission.Any()),
                    each.getValue().stream().map(who -> without(who, denied)).toList()))
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
