package io.zoneproxy.core.upstream;

import io.zoneproxy.core.model.balance.CircuitBreakers;
import io.zoneproxy.core.observe.ClusterStats;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits the connections of one cluster: those open or being dialed, and those being dialed; and
 * its requests of HTTP. Any thread. A limit that is lowered ends no connection.
 */
public final class CircuitBreaker {
  private static final Logger log = LoggerFactory.getLogger(CircuitBreaker.class);

  /** From here on an operator should know; the same share as that of a listener's limit. */
  private static final int WARN_PERCENT = 80;

  private static final int WHOLE = 100;

  /** A load that goes up and down about the mark must not flood the log. */
  private static final long WARN_PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final Cluster cluster;
  private final ClusterStats stats;
  private final AtomicBoolean warned = new AtomicBoolean();
  private final AtomicLong warnedAtNanos = new AtomicLong(System.nanoTime() - WARN_PAUSE_NANOS);

  CircuitBreaker(Cluster cluster, ClusterStats stats) {
    this.cluster = cluster;
    this.stats = stats;
  }

  /**
   * Asks whether one more connection may be dialed.
   *
   * @return true when it may: then {@link #connected} or {@link #failed} is owed; false is counted
   */
  public boolean dial() {
    return dial(false);
  }

  /**
   * Asks whether one more connection of a pool may be dialed. A pool that has none may have one
   * over the limit, as in Envoy: those of others, which may be idle, would starve it.
   *
   * @param first whether the pool has none
   * @return true when it may: then {@link #connected} or {@link #failed} is owed; false is counted
   */
  public boolean dial(boolean first) {
    CircuitBreakers limits = cluster.spec().policy().limits();
    if (stats.connections.incrementAndGet() > limits.maxConnections()) {
      stats.overflow.increment();
      if (!first) {
        stats.connections.decrementAndGet();
        return false;
      }
    }
    if (stats.dialing.incrementAndGet() > limits.maxPendingRequests()) {
      failed();
      stats.pendingOverflow.increment();
      return false;
    }
    maybeWarn(limits.maxConnections());
    return true;
  }

  /** It is open: {@link #closed} is owed. */
  public void connected() {
    stats.dialing.decrementAndGet();
  }

  /** It was not made. */
  public void failed() {
    stats.dialing.decrementAndGet();
    closed();
  }

  /** It is over. */
  public void closed() {
    long open = stats.connections.decrementAndGet();
    if (warned.get() && !isNear(open, cluster.spec().policy().limits().maxConnections())) {
      warned.set(false);
    }
  }

  /**
   * Asks whether one more request of HTTP may be sent on.
   *
   * @return true when it may: then {@link #requestDone} is owed; false is counted
   */
  public boolean request() {
    AtomicLong active = stats.requests().active;
    if (active.incrementAndGet() > cluster.spec().policy().limits().maxRequests()) {
      active.decrementAndGet();
      stats.pendingOverflow.increment();
      return false;
    }
    return true;
  }

  /** A request is over. */
  public void requestDone() {
    stats.requests().active.decrementAndGet();
  }

  private static boolean isNear(long open, long limit) {
    // In two parts, rounded up: a limit may be the greatest long.
    long hundreds = limit / WHOLE * WARN_PERCENT;
    return open >= hundreds + (limit % WHOLE * WARN_PERCENT + WHOLE - 1) / WHOLE;
  }

  private void maybeWarn(long limit) {
    long open = stats.connections.get();
    if (isNear(open, limit) && !warned.get() && warned.compareAndSet(false, true)) {
      long now = System.nanoTime();
      long before = warnedAtNanos.get();
      if (now - before >= WARN_PAUSE_NANOS && warnedAtNanos.compareAndSet(before, now)) {
        log.warn(
            "cluster {}: {} connections of at most {}: more will be refused (UPSTREAM_LIMIT, of"
                + " HTTP OVERFLOW) (raise maxConnections of its MeshCircuitBreaker)",
            cluster.name(),
            open,
            limit);
      }
    }
  }
}
