package io.zoneproxy.core.relay;

import io.zoneproxy.core.model.TransportProtocol;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.observe.ClusterStats;
import io.zoneproxy.core.observe.ConnectionRecord;
import io.zoneproxy.core.observe.ListenerStats;
import io.zoneproxy.core.observe.TlsFacts;
import io.zoneproxy.core.route.FilterChain;
import io.zoneproxy.core.route.Opening;
import io.zoneproxy.core.upstream.Cluster;
import io.zoneproxy.core.upstream.Endpoint;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is noted of one connection from accept to close; every relay keeps the same book. On the
 * connection's event loop only.
 */
public final class ConnectionBook {
  private static final Logger log = LoggerFactory.getLogger(ConnectionBook.class);

  /** As long as none has matched. */
  private static final FilterChain NOTHING = new FilterChain.Refuse("", CloseReason.NO_ROUTE);

  private final long id;
  private final Instant start = Instant.now();
  private final long startNanos = System.nanoTime();
  private final ListenerContext context;
  private final @Nullable SocketAddress downstream;

  private volatile @Nullable Opening opening; // read by any thread
  private FilterChain chain = NOTHING;
  private @Nullable TlsFacts tls;
  private boolean toldConnected;
  private String cluster = "";
  private @Nullable ClusterStats clusterStats;
  private @Nullable Endpoint endpoint;
  private @Nullable SocketAddress upstream;
  private @Nullable Cluster counted; // its circuit breaker counts this connection
  private boolean dialing; // counted as one that is dialed
  private int connectAttempts;
  private long dialNanos;
  private Duration connectTime = Duration.ZERO;
  private long bytesUp;
  private long bytesDown;
  private boolean ended;

  /** A connection was accepted. */
  public ConnectionBook(ListenerContext context, @Nullable SocketAddress downstream) {
    this.context = context;
    this.id = context.server().nextConnection();
    this.downstream = downstream;
    context.stats().total.increment();
    context.stats().active.increment();
    context.server().connections.increment();
  }

  /** What it began with; null as long as that is not known. Any thread. */
  public @Nullable Opening opening() {
    return opening;
  }

  /** Who dialed us; null when the socket was gone before it could be asked. */
  @Nullable SocketAddress downstream() {
    return downstream;
  }

  /** Address of the downstream; null when it has none, or was gone before it could be asked. */
  @Nullable InetAddress source() {
    return downstream instanceof InetSocketAddress inet ? inet.getAddress() : null;
  }

  /** The chain that was picked. */
  FilterChain chain() {
    return chain;
  }

  /** Bytes that came from the upstream. */
  public long bytesDown() {
    return bytesDown;
  }

  /** Endpoints dialed so far. */
  public int connectAttempts() {
    return connectAttempts;
  }

  /** Whether it is over. */
  public boolean ended() {
    return ended;
  }

  /** Its ClientHello is whole, or none is awaited. */
  void opened(Opening with) {
    opening = with;
    ListenerStats stats = context.stats();
    if (with.transport() == TransportProtocol.TLS) {
      (with.serverName().isEmpty() ? stats.sniMissing : stats.sniFound).increment();
    }
  }

  /** A chain was picked. */
  void matched(FilterChain picked) {
    chain = picked;
    if (picked instanceof FilterChain.Terminate answered && answered.own()) {
      context.server().ownConnections.increment();
    }
    Opening with = opening;
    boolean refused =
        picked instanceof FilterChain.Refuse refuse && refuse.reason() == CloseReason.NOT_TLS;
    if (with != null && with.transport() != TransportProtocol.TLS && !refused) {
      context.stats().plain.increment();
    }
  }

  /** Its TLS has ended here. */
  void secured(TlsFacts facts) {
    tls = facts;
  }

  /** Its chain leads to a cluster. */
  public void chose(String clusterName, ClusterStats stats) {
    cluster = clusterName;
    clusterStats = stats;
  }

  /** Whether there is a descriptor to dial with, and not only the reserve of those who wait. */
  boolean hasDescriptor() {
    return context.admission().hasReserve();
  }

  /**
   * An endpoint is to be dialed.
   *
   * @return false when the cluster's limits do not allow it
   */
  boolean dial(Cluster to) {
    if (!to.breaker().dial()) {
      return false;
    }
    counted = to;
    dialing = true;
    if (connectAttempts++ == 0) {
      dialNanos = System.nanoTime();
    }
    return true;
  }

  /** A dial is over, and has led to nothing. */
  void hungUp() {
    Cluster to = counted;
    if (to != null && dialing) {
      counted = null;
      dialing = false;
      to.breaker().failed();
    }
  }

  /** An endpoint has answered the dial; another one may take its place (see {@link #leave}). */
  public void connected(Attempts.Attempt attempt) {
    Endpoint to = attempt.endpoint();
    endpoint = to;
    upstream = attempt.address();
    connectTime = Duration.ofNanos(System.nanoTime() - dialNanos);
    to.active.increment();
    to.total.increment();
    Cluster dialed = counted;
    if (dialed != null && dialing) {
      dialing = false;
      dialed.breaker().connected();
      dialed.connected(to);
    }
    ClusterStats stats = clusterStats;
    if (stats != null) {
      stats.total.increment();
      stats.active.increment();
      stats.connectMs().record(connectTime.toMillis());
    }
    if (chain.logOnConnect() && !toldConnected) { // once, though another may take its place
      toldConnected = true;
      tell(record(CloseReason.DONE, ""), context.observer()::onConnected);
    }
  }

  /** The endpoint in use is given up. */
  public void leave() {
    hungUp();
    Endpoint left = endpoint;
    if (left != null) {
      endpoint = null;
      left.active.decrement();
      Cluster from = counted;
      if (from != null) {
        counted = null;
        from.breaker().closed();
      }
      ClusterStats stats = clusterStats;
      if (stats != null) {
        stats.active.decrement();
      }
    }
  }

  /** A dial has failed. */
  public void failed(Endpoint to, boolean timeout) {
    hungUp();
    to.connectFail.increment();
    ClusterStats stats = clusterStats;
    if (stats != null) {
      stats.connectFail.increment();
      if (timeout) {
        stats.connectTimeout.increment();
      }
    }
  }

  /** Another endpoint is tried. */
  public void failedOver() {
    ClusterStats stats = clusterStats;
    if (stats != null) {
      stats.failover.increment();
    }
  }

  /** No endpoint was there to dial. */
  public void noneHealthy() {
    ClusterStats stats = clusterStats;
    if (stats != null) {
      stats.noneHealthy.increment();
    }
  }

  /** Bytes went from the downstream to the upstream. */
  public void up(int bytes) {
    bytesUp += bytes;
    context.stats().rxBytes.add(bytes);
    ClusterStats stats = clusterStats;
    if (stats != null) {
      stats.txBytes.add(bytes);
    }
  }

  /** Bytes went from the upstream to the downstream. */
  public void down(int bytes) {
    bytesDown += bytes;
    context.stats().txBytes.add(bytes);
    ClusterStats stats = clusterStats;
    if (stats != null) {
      stats.rxBytes.add(bytes);
    }
  }

  /** A connection that held nothing is over; only the first reason counts. */
  public void end(CloseReason reason, String detail) {
    end(reason, detail, () -> {});
  }

  /**
   * The connection is over; only the first reason counts.
   *
   * @param giveBack lets go of what is counted while it is open: after its counters have moved and
   *     before its record is told, so that neither who sees that it is gone nor who has its record
   *     finds the rest as it was
   */
  public void end(CloseReason reason, String detail, Runnable giveBack) {
    if (finish(reason)) {
      giveBack.run();
      if (!passesUnheard(reason)) {
        tell(record(reason, detail), context.observer()::onClosed);
      }
    }
  }

  /**
   * Probes and inspection come every few seconds, and say nothing about traffic. Whoever is no
   * friend at that door is told of all the same.
   */
  private boolean passesUnheard(CloseReason reason) {
    return chain instanceof FilterChain.Terminate answered
        && answered.own()
        && reason != CloseReason.TLS_FAILED
        && reason != CloseReason.INTERNAL;
  }

  private void tell(ConnectionRecord record, Consumer<ConnectionRecord> observer) {
    try {
      observer.accept(record);
    } catch (RuntimeException e) {
      // Another program's code: its mistake must not keep our sockets open.
      log.error("{}: the observer of connections failed", context.listener(), e);
    }
  }

  /**
   * It closed without having sent a byte: one counter, no record, for probes do so all the time.
   *
   * @param giveBack as in {@link #end}
   */
  public void endSilently(Runnable giveBack) {
    if (finish(CloseReason.HELLO_INCOMPLETE)) {
      context.stats().silent.increment();
      giveBack.run();
    }
  }

  private boolean finish(CloseReason reason) {
    if (ended) {
      return false;
    }
    ended = true;
    leave();
    ListenerStats stats = context.stats();
    stats.active.decrement();
    stats.destroyed.increment();
    stats.closed(reason).increment();
    ClusterStats relayed = clusterStats;
    if (relayed != null && reason == CloseReason.UPSTREAM_RESET) {
      relayed.resetByRemote.increment();
    }
    if (reason == CloseReason.NO_DESCRIPTORS) {
      context.server().descriptorsExhausted.increment();
    }
    return true;
  }

  /** As far as it has come; the reason and the detail mean nothing. */
  public ConnectionRecord soFar() {
    return record(CloseReason.DONE, "");
  }

  private ConnectionRecord record(CloseReason reason, String detail) {
    Opening with = opening;
    return new ConnectionRecord(
        id,
        context.listener(),
        start,
        Duration.ofNanos(System.nanoTime() - startNanos),
        downstream,
        with == null ? "" : with.serverName(),
        tls,
        chain.name(),
        chain.chainName(),
        chain.accessLogs(),
        cluster,
        upstream,
        connectAttempts,
        connectTime,
        bytesUp,
        bytesDown,
        reason,
        detail);
  }
}
