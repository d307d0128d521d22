package io.zoneproxy.core.forward.pool;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.zoneproxy.core.observe.ClusterStats;
import io.zoneproxy.core.upstream.Cluster;
import io.zoneproxy.core.upstream.Endpoint;

/**
 * Counts one connection of a pool, from the dial that the circuit breaker allowed to its end, and
 * its bytes, without what TLS makes of them. On its event loop.
 */
final class ConnectionCount extends ChannelDuplexHandler {
  private final Cluster cluster;
  private final Endpoint endpoint;
  private final ClusterStats stats;
  private final long dialedNanos = System.nanoTime();
  private boolean connected;
  private boolean over;

  /** The breaker has counted the dial. */
  ConnectionCount(Cluster cluster, Endpoint endpoint) {
    this.cluster = cluster;
    this.endpoint = endpoint;
    this.stats = cluster.stats();
  }

  void connected() {
    connected = true;
    cluster.breaker().connected();
    cluster.connected(endpoint);
    endpoint.total.increment();
    endpoint.requests().connections.increment();
    stats.total.increment();
    stats.active.increment();
    stats.connectMs().record((System.nanoTime() - dialedNanos) / 1_000_000); // to milliseconds
  }

  /**
   * It was not made.
   *
   * @param blame whether that is the endpoint's fault
   */
  void failed(boolean timeout, boolean blame) {
    if (gone()) {
      return;
    }
    if (blame) {
      cluster.connectFailed(endpoint);
    }
    endpoint.connectFail.increment();
    stats.connectFail.increment();
    if (timeout) {
      stats.connectTimeout.increment();
    }
  }

  /** It is over, or was given up; a second call does nothing. */
  boolean gone() {
    if (over) {
      return true;
    }
    over = true;
    if (connected) {
      cluster.breaker().closed();
      stats.active.decrement();
      endpoint.requests().connections.decrement();
    } else {
      cluster.breaker().failed();
    }
    return false;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof ByteBuf bytes) {
      stats.rxBytes.add(bytes.readableBytes());
    }
    ctx.fireChannelRead(message);
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (message instanceof ByteBuf bytes) {
      stats.txBytes.add(bytes.readableBytes());
    }
    ctx.write(message, promise);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (connected) {
      gone();
    }
    ctx.fireChannelInactive();
  }
}
