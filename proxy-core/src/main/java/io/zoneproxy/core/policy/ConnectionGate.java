package io.zoneproxy.core.policy;

import io.zoneproxy.core.model.NetworkFilter;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.observe.ListenerStats;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The network filters of a chain that relays, compiled: who may be relayed. They are asked in the
 * order of the chain, once, before an endpoint is dialed; the first that refuses decides. What
 * notes filter states has nothing to do here, for nothing on such a chain reads them. Any thread.
 */
public final class ConnectionGate {
  /** Lets everybody pass. */
  public static final ConnectionGate OPEN = new ConnectionGate(List.of(), 0);

  /**
   * Why one may not pass.
   *
   * @param detail for the record
   */
  public record Refusal(CloseReason reason, String detail) {}

  private interface Step {
    @Nullable Refusal refusal(Subject subject, ListenerStats stats);

    default boolean permits(Subject subject) {
      return true;
    }
  }

  private final List<Step> steps;
  private final int port;

  private ConnectionGate(List<Step> steps, int port) {
    this.steps = steps;
    this.port = port;
  }

  /**
   * Compiles.
   *
   * @param port of the listener; 0 when the kernel chooses it
   * @param before the gate that this one replaces, {@link #OPEN} when there is none: limits of a
   *     rate that did not change keep their tokens
   * @throws IllegalArgumentException when something of it cannot be decided here; nobody may pass
   *     then
   */
  public static ConnectionGate of(List<NetworkFilter> filters, int port, ConnectionGate before) {
    Deque<Limit> known = new ArrayDeque<>();
    before.steps.stream()
        .filter(Limit.class::isInstance)
        .map(Limit.class::cast)
        .forEach(known::add);
    List<Step> steps = new ArrayList<>();
    for (NetworkFilter filter : filters) {
      if (filter instanceof NetworkFilter.Rbac rbac) {
        steps.add(new Permissions(rbac.statPrefix(), Rbac.of(rbac.spec())));
      } else if (filter instanceof NetworkFilter.RateLimit limit) {
        Limit old = known.poll();
        boolean same = old != null && old.limiter.bucket().equals(limit.bucket());
        steps.add(same ? old : new Limit(new RateLimiter(limit.bucket())));
      }
    }
    return steps.isEmpty() ? OPEN : new ConnectionGate(List.copyOf(steps), port);
  }

  /**
   * Asks for one connection, and counts.
   *
   * @param source address of the downstream; null when unknown
   * @param serverName lower-case SNI, "" when there is none
   * @return null when it may pass
   */
  public @Nullable Refusal refusal(
      @Nullable InetAddress source, String serverName, ListenerStats stats) {
    return steps.isEmpty()
        ? null // most chains: nothing is allocated for them
        : refusal(Subject.unknown(source, serverName, port), stats);
  }

  /** The same for one of whom more is known. */
  public @Nullable Refusal refusal(Subject subject, ListenerStats stats) {
    for (Step step : steps) {
      Refusal refusal = step.refusal(subject, stats);
      if (refusal != null) {
        return refusal;
      }
    }
    return null;
  }

  /** Whether its permissions, rates aside, let one pass who is in already; counts nothing. */
  public boolean permits(Subject subject) {
    return steps.stream().allMatch(step -> step.permits(subject));
  }

  /** Port of the listener, for a {@link Subject}; 0 when unknown. */
  public int port() {
    return port;
  }

  private record Permissions(String statPrefix, Rbac rbac) implements Step {
    @Override
    public boolean permits(Subject subject) {
      return rbac.permits(subject);
    }

    @Override
    public @Nullable Refusal refusal(Subject subject, ListenerStats stats) {
      Rbac.Decision decision = rbac.decide(subject, stats.rbac(statPrefix));
      if (decision.allowed()) {
        return null;
      }
      String policy = decision.policy();
      return new Refusal(
          CloseReason.DENIED, policy.isEmpty() ? "no policy allows it" : "policy " + policy);
    }
  }

  private record Limit(RateLimiter limiter, Refusal tooMany) implements Step {
    Limit(RateLimiter limiter) {
      this(
          limiter,
          new Refusal(CloseReason.RATE_LIMITED, "limit: " + limiter.bucket().text("connections")));
    }

    @Override
    public @Nullable Refusal refusal(Subject subject, ListenerStats stats) {
      return limiter.tryTake() ? null : tooMany;
    }
  }
}
