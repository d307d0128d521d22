package io.zoneproxy.core.resource.policy;

import io.zoneproxy.core.model.policy.StringMatch;
import java.util.List;
import java.util.Optional;

/**
 * Who may call whom: either {@code from}, by tags, or {@code rules}, by SPIFFE ID.
 *
 * @param target whom it protects
 * @param from in the order written; a later one wins over an earlier one
 * @param rules deny wins, whatever the order
 */
public record MeshTrafficPermission(Target target, List<From> from, List<Rule> rules)
    implements PolicySpec {
  public MeshTrafficPermission {
    from = List.copyOf(from);
    rules = List.copyOf(rules);
  }

  /** What is done with a call. */
  public enum Action {
    ALLOW,
    DENY,
    /** As ALLOW, and it is counted what DENY would have refused. */
    ALLOW_WITH_SHADOW_DENY
  }

  /** Callers and what is done with them. */
  public record From(Target callers, Action action) {}

  /**
   * A condition and what is done when both of its parts fit.
   *
   * @param spiffeId exact or a prefix; empty = any
   * @param serverName whole; empty = any
   */
  public record Rule(Action action, Optional<StringMatch> spiffeId, Optional<String> serverName) {}
}
