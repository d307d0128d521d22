package io.zoneproxy.cp.translate.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.xds.type.matcher.v3.Matcher.MatcherList;
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
  void takesExpressionsThatCanBeCompiled() {
    RBAC.Builder from = RBAC.newBuilder();
    from.getRulesBuilder().putPolicies("p", policy("spiffe://m/(a|b)", "(a", ""));
    from.getMatcherBuilder().setMatcherList(list("a.*", "((x{1000}){1000}){1000}"));
    RBAC rbac = from.build();
    RbacTranslator.network(rbac, problems);
    String ids = "Listener/l.rules.policies[p].principals";
    assertThat(problems.all())
        .containsExactly(
            ids
                + "[1].authenticated.principal_name.safe_regex.regex: (a (expected: a regular"
                + " expression of RE2; missing closing ): (a)",
            ids
                + "[2].authenticated.principal_name.safe_regex.regex: empty (expected: a regular"
                + " expression)",
            "Listener/l.matcher.matcher_list.matchers[1].predicate.single_predicate.value_match"
                + ".safe_regex.regex: ((x{1000}){1000}){1000} (expected: a regular expression of at"
                + " most 10000 steps, repeats counted)");
  }

  private static Policy policy(String... expressions) {
    Policy.Builder policy = Policy.newBuilder();
    policy.addPermissionsBuilder().setAny(true);
    for (String each : expressions) {
      policy
          .addPrincipalsBuilder()
          .getAuthenticatedBuilder()
          .getPrincipalNameBuilder()
          .getSafeRegexBuilder()
          .setRegex(each);
    }
    return policy.build();
  }

  private static MatcherList list(String... expressions) {
    MatcherList.Builder list = MatcherList.newBuilder();
    for (String each : expressions) {
      var branch = list.addMatchersBuilder();
      var single = branch.getPredicateBuilder().getSinglePredicateBuilder();
      single.getInputBuilder().setTypedConfig(Any.pack(ServerNameInput.getDefaultInstance()));
      single.getValueMatchBuilder().getSafeRegexBuilder().setRegex(each);
      branch
          .getOnMatchBuilder()
          .getActionBuilder()
          .setTypedConfig(Any.pack(io.envoyproxy.envoy.config.rbac.v3.Action.getDefaultInstance()));
    }
    return list.build();
  }

  @Test
  void notesAnExpressionThatIsSlow() {
    RBAC.Builder from = RBAC.newBuilder();
    from.getRulesBuilder().putPolicies("p", policy("x{1000}x"));
    RbacTranslator.network(from.build(), problems);
    assertThat(problems.all()).isEmpty();
    assertThat(problems.notes())
        .singleElement()
        .asString()
        .endsWith("principal_name.safe_regex.regex: large: each test of a text is slow");
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
