package io.zoneproxy.core.resource.policy;

import io.zoneproxy.core.model.policy.StringMatch;
import java.util.List;
import java.util.Optional;

/**
 * A policy that sets how callers of some services, or calls to some destinations, are treated, or
 * what is written down and traced of them.
 *
 * @param kind which fields its settings have
 * @param target whom it is for
 * @param entries in the order written
 * @param rules the newer form for callers, in the order written
 */
public record Treatment(Kind kind, Target target, List<Entry> entries, List<Rule> rules)
    implements PolicySpec {
  public Treatment {
    entries = List.copyOf(entries);
    rules = List.copyOf(rules);
  }

  /** The kinds of such a policy, each by Kuma's name of it. */
  public enum Kind {
    /** {@code MeshRateLimit}. */
    RATE_LIMIT("from"),
    /** {@code MeshFaultInjection}. */
    FAULT_INJECTION("from"),
    /** {@code MeshCircuitBreaker}. */
    CIRCUIT_BREAKER("to"),
    /** {@code MeshHealthCheck}. */
    HEALTH_CHECK("to"),
    /** {@code MeshLoadBalancingStrategy}. */
    LOAD_BALANCING("to"),
    /** {@code MeshTimeout}: it has rules beside its destinations. */
    TIMEOUT("to"),
    /** {@code MeshAccessLog}: what it has for destinations is for those who call them. */
    ACCESS_LOG("rules"),
    /** {@code MeshTrace}: it has one part for everything, which is read as a rule. */
    TRACE("default");

    private final String list;

    Kind(String list) {
      this.list = list;
    }

    /**
     * The field with the entries: {@code from} for callers, {@code to} for destinations; another
     * one where there are none.
     */
    public String list() {
      return list;
    }

    /** Whether a control plane applies it to the egress of a zone. */
    public boolean reachesZoneEgress() {
      return this != TIMEOUT && this != ACCESS_LOG && this != TRACE;
    }
  }

  /**
   * Settings for some.
   *
   * @param of callers or destinations
   * @param field where it stands, for messages: {@code spec.to[0]}
   */
  public record Entry(Target of, Settings settings, String field) {}

  /**
   * Settings for callers of which one condition holds.
   *
   * @param matches none = for all
   * @param field where it stands, for messages: {@code spec.rules[0]}, {@code spec.from[0]} when it
   *     was read from there, {@code spec} for what has but one part
   */
  public record Rule(List<Match> matches, Settings settings, String field) {
    public Rule {
      matches = List.copyOf(matches);
    }
  }

  /**
   * A condition on a caller.
   *
   * @param spiffeId exact or a prefix; empty = any
   * @param serverName whole; empty = any
   */
  public record Match(Optional<StringMatch> spiffeId, Optional<String> serverName) {}
}
