package io.zoneproxy.cp.translate.policy;

import com.github.xds.core.v3.TypedExtensionConfig;
import com.github.xds.type.matcher.v3.Matcher;
import com.github.xds.type.matcher.v3.Matcher.MatcherList.FieldMatcher;
import com.github.xds.type.matcher.v3.Matcher.OnMatch;
import io.zoneproxy.core.model.policy.MatchTree;
import io.zoneproxy.core.model.policy.MatchTree.Branch;
import io.zoneproxy.cp.translate.value.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Lists of conditions, of which the first that holds decides. */
public final class Matchers {
  private Matchers() {}

  /** Reads what is decided. */
  @FunctionalInterface
  public interface Outcome<T> {
    /** What this action decides; empty when it is not known, which is noted. */
    Optional<T> read(TypedExtensionConfig action, Problems problems);
  }

  /** A list; other kinds of matchers are noted. */
  public static <T> MatchTree<T> tree(Matcher from, Outcome<T> outcome, Problems problems) {
    List<Branch<T>> branches = new ArrayList<>();
    switch (from.getMatcherTypeCase()) {
      case MATCHER_LIST -> {
        Problems at = problems.at("matcher_list");
        for (int i = 0; i < from.getMatcherList().getMatchersCount(); i++) {
          branch(from.getMatcherList().getMatchers(i), outcome, at.at("matchers", i))
              .ifPresent(branches::add);
        }
      }
      case MATCHERTYPE_NOT_SET -> {} // only what holds otherwise: Kuma's "deny all"
      default -> problems.add(from.getMatcherTypeCase(), "matcher_list");
    }
    Optional<T> otherwise =
        from.hasOnNoMatch()
            ? decided(from.getOnNoMatch(), outcome, problems.at("on_no_match"))
            : Optional.empty();
    return new MatchTree<>(branches, otherwise);
  }

  private static <T> Optional<Branch<T>> branch(
      FieldMatcher from, Outcome<T> outcome, Problems problems) {
    var when = Predicates.of(from.getPredicate(), problems.at("predicate"));
    Optional<T> then = decided(from.getOnMatch(), outcome, problems.at("on_match"));
    return when.isPresent() && then.isPresent()
        ? Optional.of(new Branch<>(when.get(), then.get()))
        : Optional.empty();
  }

  private static <T> Optional<T> decided(OnMatch from, Outcome<T> outcome, Problems problems) {
    if (!from.hasAction()) {
      problems.add(from.getOnMatchCase(), "action");
      return Optional.empty();
    }
    return outcome.read(from.getAction(), problems.at("action"));
  }
}
