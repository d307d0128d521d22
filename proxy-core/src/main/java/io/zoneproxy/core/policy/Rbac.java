package io.zoneproxy.core.policy;

import io.zoneproxy.core.model.policy.MatchTree;
import io.zoneproxy.core.model.policy.RbacSpec;
import io.zoneproxy.core.model.policy.RbacSpec.Action;
import io.zoneproxy.core.model.policy.RbacSpec.Verdict;
import io.zoneproxy.core.observe.RbacStats;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Compiled permissions, for connections and requests. Where both are given the matcher decides, not
 * the rules, as in Envoy. Any thread.
 */
public final class Rbac {
  /** Of the policy that decided, when none fits. */
  private static final String NONE = "";

  /**
   * An outcome.
   *
   * @param allowed whether it may pass
   * @param policy the name of the policy that decided; "" when none fits
   */
  public record Decision(boolean allowed, String policy) {}

  private final @Nullable Function<Subject, Decision> enforced;
  private final @Nullable Function<Subject, Decision> shadow;

  private Rbac(
      @Nullable Function<Subject, Decision> enforced,
      @Nullable Function<Subject, Decision> shadow) {
    this.enforced = enforced;
    this.shadow = shadow;
  }

  /**
   * Compiles.
   *
   * @throws IllegalArgumentException when something of it cannot be decided here; nobody may pass
   *     then
   */
  public static Rbac of(RbacSpec spec) {
    return new Rbac(
        engine(spec.rules(), spec.matcher()), engine(spec.shadowRules(), spec.shadowMatcher()));
  }

  /** Decides and counts; the shadow is counted only. */
  public Decision decide(Subject subject, RbacStats stats) {
    Function<Subject, Decision> trial = shadow;
    if (trial != null) {
      (trial.apply(subject).allowed() ? stats.shadowAllowed : stats.shadowDenied).increment();
    }
    Function<Subject, Decision> engine = enforced;
    if (engine == null) {
      return new Decision(true, NONE);
    }
    Decision decision = engine.apply(subject);
    (decision.allowed() ? stats.allowed : stats.denied).increment();
    return decision;
  }

  /** What it would decide now; counts nothing. */
  boolean permits(Subject subject) {
    Function<Subject, Decision> engine = enforced;
    return engine == null || engine.apply(subject).allowed();
  }

  private static @Nullable Function<Subject, Decision> engine(
      Optional<RbacSpec.Rules> rules, Optional<MatchTree<Verdict>> matcher) {
    if (matcher.isPresent()) {
      return tree(matcher.get());
    }
    return rules.isPresent() ? policies(rules.get()) : null;
  }

  private record Compiled(String name, Predicate<Subject> fits) {}

  private static Function<Subject, Decision> policies(RbacSpec.Rules rules) {
    List<Compiled> policies =
        rules.policies().stream().map(one -> new Compiled(one.name(), fits(one))).toList();
    Action action = rules.action();
    return subject -> {
      for (Compiled policy : policies) {
        if (policy.fits().test(subject)) {
          return new Decision(action != Action.DENY, policy.name());
        }
      }
      return new Decision(action != Action.ALLOW, NONE);
    };
  }

  private static Predicate<Subject> fits(RbacSpec.Policy policy) {
    return Conditions.any(policy.permissions(), Conditions::of)
        .and(Conditions.any(policy.principals(), Conditions::of));
  }

  private static Function<Subject, Decision> tree(MatchTree<Verdict> tree) {
    Function<Subject, Optional<Verdict>> compiled = Decisions.of(tree);
    Decision nothing = new Decision(false, NONE);
    return subject -> compiled.apply(subject).map(Rbac::decision).orElse(nothing);
  }

  private static Decision decision(Verdict verdict) {
    return new Decision(verdict.action() != Action.DENY, verdict.name());
  }
}
