package io.zoneproxy.core.runtime;

import io.netty.channel.EventLoop;
import io.zoneproxy.core.config.RemovalPolicy;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.relay.LiveConnection;
import io.zoneproxy.core.relay.LiveConnections;
import io.zoneproxy.core.route.FilterChain;
import io.zoneproxy.core.route.SniTable;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does with live connections whose chain was removed what the policy says. */
final class RemovedChains {
  private static final Logger log = LoggerFactory.getLogger(RemovedChains.class);

  private final RemovalPolicy policy;
  private final Duration grace;
  private final EventLoop control;
  private final LiveConnections live;
  private volatile Map<String, SniTable> tables = Map.of();

  RemovedChains(RemovalPolicy policy, Duration grace, EventLoop control, LiveConnections live) {
    this.policy = policy;
    this.grace = grace;
    this.control = control;
    this.live = live;
  }

  /** Tables by listener, before and after an update. */
  void onChange(Map<String, SniTable> before, Map<String, SniTable> after) {
    tables = Map.copyOf(after);
    if (policy == RemovalPolicy.KEEP || live.count() == 0) {
      return;
    }
    if (isEmpty(after) && !isEmpty(before)) {
      // More likely a mistake upstream of us than a wish: a wish can be said again with a restart.
      log.warn("every chain was removed at once: live connections are kept");
      return;
    }
    if (policy == RemovalPolicy.CUT) {
      cut();
    } else {
      control.schedule(this::cut, grace.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void cut() {
    if (isEmpty(tables)) {
      return;
    }
    int cut = live.cut(Integer.MAX_VALUE, this::lostItsChain, CloseReason.CHAIN_REMOVED);
    if (cut > 0) {
      log.info("{} connections were cut: their chain was removed", cut);
    }
  }

  private boolean lostItsChain(LiveConnection connection) {
    String name = connection.serverName();
    SniTable table = tables.get(connection.listener());
    return name != null && (table == null || table.match(name) instanceof FilterChain.Refuse);
  }

  private static boolean isEmpty(Map<String, SniTable> tables) {
    return tables.values().stream().allMatch(SniTable::isEmpty);
  }
}
