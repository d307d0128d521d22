package io.zoneproxy.core.runtime;

import io.netty.channel.EventLoop;
import io.zoneproxy.core.config.RemovalPolicy;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.relay.LiveConnection;
import io.zoneproxy.core.relay.LiveConnections;
import io.zoneproxy.core.route.Opening;
import io.zoneproxy.core.route.SniTable;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does with live connections whose chain was removed what the policy says. Any thread. */
final class RemovedChains {
  private static final Logger log = LoggerFactory.getLogger(RemovedChains.class);

  private final RemovalPolicy policy;
  private final Duration grace;
  private final EventLoop control;
  private final LiveConnections live;
  private volatile Map<String, SniTable> tables = Map.of();

  /** Those without a chain, and since when: a chain that comes back takes its own out again. */
  private final Map<LiveConnection, Long> lostAtNanos = new HashMap<>(); // guarded by this

  RemovedChains(RemovalPolicy policy, Duration grace, EventLoop control, LiveConnections live) {
    this.policy = policy;
    this.grace = grace;
    this.control = control;
    this.live = live;
  }

  /** Tables by listener, before and after an update. */
  synchronized void onChange(Map<String, SniTable> before, Map<String, SniTable> after) {
    tables = Map.copyOf(after);
    if (policy == RemovalPolicy.KEEP || before.equals(after)) {
      return; // tables that were not built anew are the same objects
    }
    if (routes(after) == 0) {
      lostAtNanos.clear();
      if (routes(before) > 0 && live.count() > 0) {
        // More likely a mistake upstream of us than a wish: a wish can be said again with a
        // restart.
        log.warn("every chain was removed at once: live connections are kept");
      }
    } else if (policy == RemovalPolicy.CUT) {
      cut(this::lostItsChain);
    } else if (mark()) {
      control.schedule(this::cutDue, grace.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  /** Notes who has lost its chain by now; returns whether somebody has who had it before. */
  private boolean mark() {
    long now = System.nanoTime();
    Map<LiveConnection, Long> known = Map.copyOf(lostAtNanos);
    lostAtNanos.clear();
    live.forEach(
        connection -> {
          if (lostItsChain(connection)) {
            lostAtNanos.put(connection, known.getOrDefault(connection, now));
          }
        });
    return !known.keySet().containsAll(lostAtNanos.keySet());
  }

  private synchronized void cutDue() {
    long now = System.nanoTime();
    Set<LiveConnection> due = new HashSet<>();
    lostAtNanos.forEach(
        (connection, since) -> {
          if (now - since >= grace.toNanos()) {
            due.add(connection);
          }
        });
    lostAtNanos.keySet().removeAll(due);
    cut(connection -> due.contains(connection) && lostItsChain(connection));
  }

  private void cut(Predicate<LiveConnection> which) {
    int cut = live.cut(Integer.MAX_VALUE, which, CloseReason.CHAIN_REMOVED);
    if (cut > 0) {
      log.info("{} connections were cut: their chain was removed", cut);
    }
  }

  private boolean lostItsChain(LiveConnection connection) {
    Opening opening = connection.opening();
    SniTable table = tables.get(connection.listener());
    return opening != null && (table == null || !table.match(opening).keepsLive());
  }

  /** An ingress without a service still answers, and has a port for metrics: these do not count. */
  private static int routes(Map<String, SniTable> tables) {
    return tables.values().stream().mapToInt(SniTable::routes).sum();
  }
}
