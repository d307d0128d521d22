package io.zoneproxy.cp.translate.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.rbac.v3.Permission;
import io.envoyproxy.envoy.config.rbac.v3.Policy;
import io.envoyproxy.envoy.config.rbac.v3.Principal;
import io.envoyproxy.envoy.extensions.filters.network.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.matching.common_inputs.network.v3.ServerNameInput;
import io.zoneproxy.core.model.policy.MatchTree;
import io.zoneproxy.core.model.policy.Predicate;
import io.zoneproxy.core.model.policy.RbacSpec;
import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.cp.translate.value.Problems;
import org.junit.jupiter.api.Test;

final class RbacTranslatorTest {
  private final Problems problems = Problems.of("Listener", "l");

  @Test
  void rulesWithoutPoliciesAreNotTheSameAsNoRules() {
    RBAC.Builder from = RBAC.newBuilder();
    from.getRulesBuilder();
    assertThat(RbacTranslator.network(from.build(), problems).rules()).isPresent();
    assertThat(RbacTranslator.network(RBAC.getDefaultInstance(), problems).rules()).isEmpty();
  }

  @Test
  void theFirstConditionThatHoldsDecides() {
    RBAC.Builder from = RBAC.newBuilder();
    var branch = from.getMatcherBuilder().getMatcherListBuilder().addMatchersBuilder();
    var single = branch.getPredicateBuilder().getSinglePredicateBuilder();
    single.getInputBuilder().setTypedConfig(Any.pack(ServerNameInput.getDefaultInstance()));
    single.getValueMatchBuilder().setExact("sni");
    branch
        .getOnMatchBuilder()
        .getActionBuilder()
        .setTypedConfig(
            Any.pack(
                io.envoyproxy.envoy.config.rbac.v3.Action.newBuilder().setName("kri").build()));
    MatchTree<RbacSpec.Verdict> tree =
        RbacTranslator.network(from.build(), problems).matcher().orElseThrow();
    assertThat(problems.all()).isEmpty();
    assertThat(tree.branches())
        .containsExactly(
            new MatchTree.Branch<>(
                new Predicate.Single(Predicate.Input.SERVER_NAME, StringMatch.exact("sni")),
                new RbacSpec.Verdict("kri", RbacSpec.Action.ALLOW)));
  }

  @Test
  void refusesWhatItCannotDecideOn() {
    RBAC.Builder from = RBAC.newBuilder();
    Policy.Builder policy = Policy.newBuilder();
    policy.addPermissions(
        Permission.newBuilder()
            .setDestinationIp(io.envoyproxy.envoy.config.core.v3.CidrRange.getDefaultInstance()));
    policy.addPrincipals(Principal.newBuilder().setAny(false));
    from.getRulesBuilder().putPolicies("p", policy.build());
    from.getMatcherBuilder().getMatcherTreeBuilder();
    RbacTranslator.network(from.build(), problems);
    assertThat(problems.all())
        .containsExactly(
            "Listener/l.rules.policies[p].permissions[0]: DESTINATION_IP (expected: any, and_rules,"
                + " or_rules, not_rule, destination_port, requested_server_name or header)",
            "Listener/l.rules.policies[p].principals[0].any: false (expected: true)",
            "Listener/l.matcher: MATCHER_TREE (expected: matcher_list)");
  }
}
