package io.zoneproxy.core.runtime;

import io.netty.channel.EventLoop;
import io.zoneproxy.core.config.RemovalPolicy;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.policy.Subject;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts live connections that the permissions in force would not let in any more, when the policy is
 * to cut; all others keep them. Any thread.
 */
final class RevokedRights {
  private static final Logger log = LoggerFactory.getLogger(RevokedRights.class);

  /** A policy deleted and made again looks like a denial of everybody for a moment. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private final RemovalPolicy policy;
  private final Duration patience;
  private final EventLoop control;
  private final LiveConnections live;
  private Map<String, SniTable> tables = Map.of(); // guarded by this

  /** Those denied, and since when; one that is allowed again is taken out. */
  private final Map<LiveConnection, Long> deniedAtNanos = new HashMap<>(); // guarded by this

  RevokedRights(RemovalPolicy policy, Duration patience, EventLoop control, LiveConnections live) {
    this.policy = policy;
    this.patience = patience;
    this.control = control;
    this.live = live;
  }

  /** Tables by listener, before and after an update. */
  synchronized void onChange(Map<String, SniTable> before, Map<String, SniTable> after) {
    tables = after;
    if (policy == RemovalPolicy.CUT && !before.equals(after) && mark()) {
      control.schedule(this::cutDue, patience.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  /** Notes who is denied by now; returns whether somebody is who was not before. */
  private boolean mark() {
    long now = System.nanoTime();
    Map<LiveConnection, Long> known = Map.copyOf(deniedAtNanos);
    deniedAtNanos.clear();
    live.forEach(
        connection -> {
          if (denied(connection)) {
            deniedAtNanos.put(connection, known.getOrDefault(connection, now));
          }
        });
    return !known.keySet().containsAll(deniedAtNanos.keySet());
  }

  private synchronized void cutDue() {
    long now = System.nanoTime();
    Set<LiveConnection> due = new HashSet<>();
    deniedAtNanos.forEach(
        (connection, since) -> {
          if (now - since >= patience.toNanos() && denied(connection)) {
            due.add(connection);
          }
        });
    deniedAtNanos.keySet().removeAll(due);
    if (isEverything(due)) {
      // More likely a mistake than a wish: a wish can be said again with a restart.
      log.warn(
          "permissions of several services deny all {} live connections at once: they are kept",
          due.size());
      return;
    }
    int cut = live.cut(Integer.MAX_VALUE, due::contains, CloseReason.DENIED);
    if (cut > 0) {
      log.info("{} connections were cut: their permission was taken back", cut);
    }
  }

  /**
   * All that permissions were asked for, of more than one service: one alone may well be closed.
   */
  private boolean isEverything(Set<LiveConnection> due) {
    Set<String> services = new HashSet<>();
    for (LiveConnection connection : due) {
      Opening opening = connection.opening();
      services.add(opening == null ? "" : opening.serverName());
    }
    Set<LiveConnection> others = new HashSet<>();
    live.forEach(
        connection -> {
          if (connection.subject() != null && !due.contains(connection)) {
            others.add(connection);
          }
        });
    return services.size() > 1 && others.isEmpty();
  }

  private boolean denied(LiveConnection connection) {
    Subject subject = connection.subject();
    Opening opening = connection.opening();
    SniTable table = tables.get(connection.listener());
    return subject != null
        && opening != null
        && table != null
        && !table.match(opening).gate().permits(subject);
  }
}
