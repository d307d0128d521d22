package io.zoneproxy.core.policy;

import io.zoneproxy.core.model.policy.MatchTree;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** Compiles lists of conditions, of which the first that holds decides. */
public final class Decisions {
  private Decisions() {}

  private record Branch<T>(Predicate<Subject> when, Optional<T> then) {}

  /**
   * Compiles one.
   *
   * @return decides for any thread; empty = nothing is decided
   * @throws IllegalArgumentException for a regular expression that is none, or that is too large
   */
  public static <T> Function<Subject, Optional<T>> of(MatchTree<T> tree) {
    List<Branch<T>> branches =
        tree.branches().stream()
            .map(one -> new Branch<>(Conditions.of(one.when()), Optional.of(one.then())))
            .toList();
    return subject -> {
      for (Branch<T> branch : branches) {
        if (branch.when().test(subject)) {
          return branch.then();
        }
      }
      return tree.otherwise();
    };
  }
}
