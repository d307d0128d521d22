package io.zoneproxy.core.resource.policy;

import java.util.List;

/**
 * A policy that sets how callers of some services, or calls to some destinations, are treated.
 *
 * @param kind which fields its settings have
 * @param target whom it is for
 * @param entries in the order written
 */
public record Treatment(Kind kind, Target target, List<Entry> entries) implements PolicySpec {
  public Treatment {
    entries = List.copyOf(entries);
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
    LOAD_BALANCING("to");

    private final String list;

    Kind(String list) {
      this.list = list;
    }

    /** The field with the entries: {@code from} for callers, {@code to} for destinations. */
    public String list() {
      return list;
    }
  }

  /**
   * Settings for some.
   *
   * @param of callers or destinations
   */
  public record Entry(Target of, Settings settings) {}
}
