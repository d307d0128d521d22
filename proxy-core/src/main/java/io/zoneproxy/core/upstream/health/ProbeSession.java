package io.zoneproxy.core.upstream.health;

import static io.zoneproxy.core.observe.HealthFlag.FAILED_ACTIVE_HC;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.zoneproxy.core.model.balance.HealthCheck;
import io.zoneproxy.core.model.balance.HealthCheck.Times;
import io.zoneproxy.core.observe.HealthCheckStats;
import io.zoneproxy.core.upstream.balance.Chance;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The probes of one endpoint, one after the other. On the control loop only. */
final class ProbeSession {
  /** A name without an address, or TLS without its secrets, is looked at again this soon. */
  private static final Duration UNRESOLVED_PAUSE = Duration.ofSeconds(1);

  private static final int WHOLE = 100;

  /** What the sessions of a cluster share. */
  record Surroundings(
      EventLoop control,
      ProbeSlots slots,
      LongSupplier random,
      HealthCheckStats stats,
      HealthChecks.Watched cluster) {}

  private final Times times;
  private final Question question;
  private final HealthChecks.Target target;
  private final Surroundings around;
  private @Nullable Future<?> timer;
  private @Nullable ProbeCall running;
  private int turn;
  private int passes; // in a row, while it is unhealthy
  private int failures; // in a row, while it is healthy
  private boolean asked; // the first probe is over
  private boolean stopped;

  ProbeSession(HealthCheck check, HealthChecks.Target target, Surroundings around) {
    this.times = check.times();
    this.question = Question.of(check.probe(), around.cluster().name());
    this.target = target;
    this.around = around;
  }

  EndpointHealth health() {
    return target.health();
  }

  /** The first probe is at once, but for the jitter. */
  void start() {
    after(upTo(times.initialJitter()));
  }

  /**
   * Ends it.
   *
   * @param kept whether what was found stands
   */
  void stop(boolean kept) {
    stopped = true;
    Future<?> pending = timer;
    if (pending != null) {
      pending.cancel(false);
    }
    ProbeCall asking = running;
    if (asking != null) {
      running = null;
      asking.cancel();
      around.slots().release();
    }
    if (!kept) {
      health().lower(FAILED_ACTIVE_HC);
    }
  }

  private void after(Duration pause) {
    timer =
        around
            .control()
            .schedule(
                () -> around.slots().acquire(this::ask), pause.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void ask() {
    boolean wanted = !stopped && around.cluster().ready();
    InetSocketAddress address = wanted ? target.address(turn++) : null;
    if (address == null) {
      around.slots().release();
      if (!stopped) {
        after(UNRESOLVED_PAUSE);
      }
      return;
    }
    around.stats().attempt.increment();
    running =
        new ProbeCall(
            around.control(),
            question,
            new ProbeCall.Way(address, target.tunnel(), around.cluster().tls(target)),
            times.timeout(),
            this::answered);
  }

  private void answered(Outcome outcome) {
    running = null;
    around.slots().release();
    switch (outcome) {
      case PASSED -> passed();
      case ILL -> failed();
      case FAILED -> {
        around.stats().networkFailure.increment();
        failed();
      }
      case NOT_ASKED -> {}
    }
    asked |= outcome != Outcome.NOT_ASKED;
    after(pause());
  }

  private void passed() {
    around.stats().success.increment();
    failures = 0;
    passes++;
    if ((!asked || passes >= times.healthyThreshold()) && health().lower(FAILED_ACTIVE_HC)) {
      around.cluster().changed();
    }
    if (health().has(FAILED_ACTIVE_HC)) {
      return; // not yet
    }
    around.cluster().passed(health());
  }

  private void failed() {
    around.stats().failure.increment();
    passes = 0;
    failures++;
    if (failures >= times.unhealthyThreshold() && health().raise(FAILED_ACTIVE_HC)) {
      around.cluster().changed();
    }
  }

  private Duration pause() {
    Duration interval =
        around.cluster().hasTraffic() ? times.interval() : times.noTrafficInterval();
    Duration part = interval.multipliedBy(times.intervalJitterPercent()).dividedBy(WHOLE);
    return interval.plus(upTo(times.intervalJitter())).plus(upTo(part));
  }

  /** By chance, from nothing up to this. */
  private Duration upTo(Duration most) {
    int millis = (int) Math.min(Integer.MAX_VALUE, most.toMillis());
    return millis <= 0 ? Duration.ZERO : Duration.ofMillis(Chance.below(millis, around.random()));
  }
}
