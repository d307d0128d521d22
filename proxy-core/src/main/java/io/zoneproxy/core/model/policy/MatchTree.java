package io.zoneproxy.core.model.policy;

import java.util.List;
import java.util.Optional;

/**
 * A list of conditions, of which the first that holds decides (Envoy: a {@code Matcher} with a
 * {@code matcher_list}).
 *
 * @param <T> what is decided
 * @param branches in order
 * @param otherwise when none holds; empty means that nothing is decided
 */
public record MatchTree<T>(List<Branch<T>> branches, Optional<T> otherwise) {
  public MatchTree {
    branches = List.copyOf(branches);
  }

  /**
   * One condition and its outcome.
   *
   * @param <T> what is decided
   */
  public record Branch<T>(Predicate when, T then) {}
}
