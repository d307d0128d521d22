package io.zoneproxy.core.forward.pool;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** An open connection of a pool. On its event loop. */
abstract sealed class PooledConnection extends ChannelInboundHandlerAdapter
    permits Http1Connection, Http2Connection {
  final Channel channel;
  final EndpointPool pool;
  private final long connectedNanos = System.nanoTime();
  private long idleNanos = connectedNanos;
  private boolean retired;
  private boolean closed;

  PooledConnection(Channel channel, EndpointPool pool) {
    this.channel = channel;
    this.pool = pool;
  }

  /** How many requests more it takes now; 0 when it is busy, or takes none any more. */
  abstract int free();

  /** Requests that are on it. */
  abstract int active();

  /** Whether the upstream may have closed it unseen, after the request before. */
  abstract boolean mayBeStale();

  /** Begins one; only when {@link #free} says so. */
  abstract UpstreamRequest begin(ResponseListener listener);

  /** Takes no more requests, and closes when the last one is over. */
  final void retire() {
    if (!retired) {
      retired = true;
      pool.onRetired(this);
    }
    maybeClose();
  }

  /** Takes no more requests from now on; for one that is in no pool at the moment. */
  final void takeNoMore() {
    retired = true;
  }

  /** Closes when it was retired and nothing is on it. */
  final void maybeClose() {
    if (retired && active() == 0) {
      close();
    }
  }

  /** Closes at once. */
  final void close() {
    if (!closed) {
      closed = true;
      pool.onClosed(this);
      channel.close();
    }
  }

  /** It has no request any more. */
  final void onIdle() {
    idleNanos = System.nanoTime();
  }

  /** Whether it takes no more requests, whatever is on it. */
  final boolean isOver() {
    return retired || closed;
  }

  /** When it was connected, {@link System#nanoTime}. */
  final long connectedNanos() {
    return connectedNanos;
  }

  /** Since when it has no request, {@link System#nanoTime}; only while it has none. */
  final long idleNanos() {
    return idleNanos;
  }
}
