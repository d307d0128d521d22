package io.zoneproxy.cp.translate.policy;

import com.github.xds.type.matcher.v3.Matcher.MatcherList;
import com.google.protobuf.Any;
import io.envoyproxy.envoy.extensions.matching.common_inputs.network.v3.ServerNameInput;
import io.envoyproxy.envoy.extensions.matching.common_inputs.ssl.v3.UriSanInput;
import io.zoneproxy.core.model.policy.Predicate;
import io.zoneproxy.core.model.policy.Predicate.Input;
import io.zoneproxy.cp.translate.value.Problems;
import io.zoneproxy.cp.translate.value.Typed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Conditions on a connection. */
final class Predicates {
  private Predicates() {}

  static Optional<Predicate> of(MatcherList.Predicate from, Problems problems) {
    return switch (from.getMatchTypeCase()) {
      case SINGLE_PREDICATE -> single(from.getSinglePredicate(), problems.at("single_predicate"));
      case AND_MATCHER ->
          list(from.getAndMatcher(), problems.at("and_matcher")).map(Predicate.And::new);
      case OR_MATCHER ->
          list(from.getOrMatcher(), problems.at("or_matcher")).map(Predicate.Or::new);
      case NOT_MATCHER ->
          of(from.getNotMatcher(), problems.at("not_matcher")).map(Predicate.Not::new);
      default -> {
        problems.add(
            from.getMatchTypeCase(), "single_predicate, and_matcher, or_matcher or not_matcher");
        yield Optional.empty();
      }
    };
  }

  private static Optional<List<Predicate>> list(
      MatcherList.Predicate.PredicateList from, Problems problems) {
    List<Predicate> all = new ArrayList<>();
    boolean whole = true;
    for (int i = 0; i < from.getPredicateCount(); i++) {
      Optional<Predicate> each = of(from.getPredicate(i), problems.at("predicate", i));
      each.ifPresent(all::add);
      whole &= each.isPresent();
    }
    return whole ? Optional.of(all) : Optional.empty();
  }

  private static Optional<Predicate> single(
      MatcherList.Predicate.SinglePredicate from, Problems problems) {
    Problems at = problems.at("input").at("typed_config");
    Optional<Input> input = input(from.getInput().getTypedConfig(), at);
    if (!from.hasValueMatch()) {
      problems.add(from.getMatcherCase(), "value_match");
      return Optional.empty();
    }
    return StringMatches.of(from.getValueMatch(), problems.at("value_match"))
        .flatMap(value -> input.map(known -> new Predicate.Single(known, value)));
  }

  private static Optional<Input> input(Any from, Problems problems) {
    if (Typed.is(from, ServerNameInput.getDescriptor())) {
      return Optional.of(Input.SERVER_NAME);
    }
    if (Typed.is(from, UriSanInput.getDescriptor())) {
      return Optional.of(Input.URI_SAN);
    }
    problems.add(Typed.named(from), "ServerNameInput or UriSanInput");
    return Optional.empty();
  }
}
