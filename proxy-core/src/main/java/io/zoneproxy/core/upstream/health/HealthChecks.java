package io.zoneproxy.core.upstream.health;

import static io.zoneproxy.core.observe.HealthFlag.FAILED_ACTIVE_HC;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.zoneproxy.core.model.balance.HealthCheck;
import io.zoneproxy.core.observe.HealthCheckStats;
import io.zoneproxy.core.upstream.tunnel.Tunnel;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks the endpoints of one cluster whether they are well: by TCP, HTTP or gRPC, over TLS where the
 * cluster's connections begin it. Each probe has a connection of its own, also where the
 * configuration would let several share one. Of a name with several addresses each probe asks the
 * next. Methods are for any thread, the work is done on the control loop.
 *
 * <p>An endpoint that comes into a cluster with checks is unhealthy until its first probe has
 * passed; one that was there when checks came in is healthy until it has failed as often as
 * configured.
 */
public final class HealthChecks {
  /** A user event of a probe's channel: its TLS is established. */
  public static final Object SECURED =
      new Object() {
        @Override
        public String toString() {
          return "secured";
        }
      };

  /** What a cluster tells its checks, and is told. */
  public interface Watched {
    /** Its name. */
    String name();

    /** Whether it is known how TLS is begun, where that is asked for. */
    boolean ready();

    /** What begins TLS towards an endpoint, and fires {@link #SECURED}; empty = nothing does. */
    Optional<Consumer<Channel>> tls(Target target);

    /** Whether the cluster has carried traffic: it is asked more often then. */
    boolean hasTraffic();

    /** The health of some endpoint has changed. On the control loop. */
    void changed();

    /** A probe has passed. On the control loop. */
    void passed(EndpointHealth endpoint);
  }

  /** An endpoint to ask. */
  public interface Target {
    /** Where the outcome is noted. */
    EndpointHealth health();

    /**
     * An address to ask, null while none is known.
     *
     * @param turn of which of several
     */
    @Nullable InetSocketAddress address(int turn);

    /** Whose address that is, if it is not its own: the proxy's on the way. */
    Optional<Tunnel> tunnel();
  }

  private final EventLoop control;
  private final ProbeSlots slots;
  private final LongSupplier random;
  private final Watched cluster;
  private final HealthCheckStats stats = new HealthCheckStats();
  private final Map<EndpointHealth, ProbeSession> sessions = new HashMap<>(); // control loop only
  private @Nullable HealthCheck running; // control loop only

  /**
   * @param slots shared by all of a proxy
   * @param random any long
   */
  public HealthChecks(EventLoop control, ProbeSlots slots, LongSupplier random, Watched cluster) {
    this.control = control;
    this.slots = slots;
    this.random = random;
    this.cluster = cluster;
  }

  /** Its counters. */
  public HealthCheckStats stats() {
    return stats;
  }

  /** From now on these are asked in this way; other ones are not asked any more. */
  public void watch(Optional<HealthCheck> check, Collection<? extends Target> targets) {
    control.execute(() -> watchNow(check.orElse(null), targets));
  }

  private void watchNow(@Nullable HealthCheck check, Collection<? extends Target> targets) {
    if (check == null || !check.equals(running)) {
      Set<EndpointHealth> kept = new HashSet<>();
      if (check != null) { // what was found by the old rule stands until the new one has spoken
        targets.forEach(target -> kept.add(target.health()));
      }
      sessions.values().forEach(session -> session.stop(kept.contains(session.health())));
      sessions.clear();
      running = check;
    }
    Map<EndpointHealth, Target> wanted = new HashMap<>();
    targets.forEach(target -> wanted.put(target.health(), target));
    sessions
        .values()
        .removeIf(
            session -> {
              boolean gone = !wanted.containsKey(session.health());
              if (gone) {
                session.stop(false);
              }
              return gone;
            });
    if (check != null) {
      wanted.forEach((health, target) -> begin(check, target));
    }
    cluster.changed();
  }

  private void begin(HealthCheck check, Target target) {
    sessions.computeIfAbsent(
        target.health(),
        health -> {
          ProbeSession session =
              new ProbeSession(
                  check,
                  target,
                  new ProbeSession.Surroundings(control, slots, random, stats, cluster));
          session.start();
          return session;
        });
  }

  /** Nobody is asked any more. */
  public void stop() {
    watch(Optional.empty(), Set.<Target>of());
  }

  /** An endpoint comes into a cluster with checks. */
  public static void expectProbe(EndpointHealth fresh) {
    fresh.raise(FAILED_ACTIVE_HC);
  }
}
