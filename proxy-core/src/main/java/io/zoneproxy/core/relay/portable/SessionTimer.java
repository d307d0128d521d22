package io.zoneproxy.core.relay.portable;

import io.netty.channel.EventLoop;
import io.zoneproxy.core.config.RelayConfig;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends a session that is silent or old. One task a session, which is set anew only when it fires: a
 * byte costs no more than a look at the clock.
 */
final class SessionTimer {
  /** What it looks after. On the event loop. */
  interface Timed {
    /** Whether it is over. */
    boolean ended();

    /** Whether one of the two sides has sent FIN. */
    boolean halfClosed();

    /** No byte for as long as the timer allows. */
    void onIdle();

    /** As old as a connection may be. */
    void onTooOld();
  }

  private final RelayConfig config;
  private final EventLoop loop;
  private final Timed session;
  private Duration idleTimeout;
  private long startNanos;
  private long touchedNanos;
  private long maxAgeNanos;
  private @Nullable Future<?> next;

  SessionTimer(RelayConfig config, EventLoop loop, Timed session) {
    this.config = config;
    this.idleTimeout = config.idleTimeout();
    this.loop = loop;
    this.session = session;
  }

  /**
   * The chain is known.
   *
   * @param limit without a byte either way; zero = none
   */
  void start(Duration limit) {
    idleTimeout = limit;
    startNanos = System.nanoTime();
    touchedNanos = startNanos;
    maxAgeNanos = config.drawnMaxAgeNanos();
    arm();
  }

  /** A byte has come. */
  void touch() {
    touchedNanos = System.nanoTime();
  }

  /** A FIN has come: another limit counts from now on, which may end sooner. */
  void onHalfClosed() {
    touch();
    stop();
    arm();
  }

  void stop() {
    Future<?> pending = next;
    if (pending != null) {
      next = null;
      pending.cancel(false);
    }
  }

  private void arm() {
    long now = System.nanoTime();
    long left = Math.min(idleLeft(now), ageLeft(now));
    if (left != Long.MAX_VALUE && !session.ended()) {
      next = loop.schedule(this::check, Math.max(left, 0), TimeUnit.NANOSECONDS);
    }
  }

  private void check() {
    long now = System.nanoTime();
    if (ageLeft(now) <= 0) {
      session.onTooOld();
    } else if (idleLeft(now) <= 0) {
      session.onIdle();
    } else {
      arm();
    }
  }

  private long idleLeft(long now) {
    Duration limit = session.halfClosed() ? config.halfCloseTimeout() : idleTimeout;
    return limit.isZero() ? Long.MAX_VALUE : limit.toNanos() - (now - touchedNanos);
  }

  private long ageLeft(long now) {
    return maxAgeNanos == 0 ? Long.MAX_VALUE : maxAgeNanos - (now - startNanos);
  }
}
