package io.zoneproxy.core.relay.portable;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.socket.DuplexChannel;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.relay.ConnectionBook;
import io.zoneproxy.core.relay.End;
import io.zoneproxy.core.relay.ListenerContext;
import io.zoneproxy.core.relay.Mishap;
import io.zoneproxy.core.relay.Side;
import io.zoneproxy.core.relay.SocketErrors;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A downstream channel, then an upstream channel on the same event loop, and what is alike wherever
 * bytes go between two: back-pressure, FIN each way, deadlines. Both channels tell it what happens
 * through their {@link RelayHandler}. On the event loop only.
 */
abstract sealed class RelayedPair
    implements UpstreamConnector.Outcome, RelayHandler.Listener, SessionTimer.Timed
    permits Session, TerminatedConnection {
  final ListenerContext context;
  final ConnectionBook book;
  final DuplexChannel downstream;
  final SessionTimer timer;

  /** Sides that have sent FIN, or what TLS has instead. */
  final Set<Side> eof = EnumSet.noneOf(Side.class);

  /** Sides that were sent FIN. */
  final Set<Side> outputShut = EnumSet.noneOf(Side.class);

  @Nullable DuplexChannel upstream;

  RelayedPair(ListenerContext context, ConnectionBook book, DuplexChannel downstream) {
    this.context = context;
    this.book = book;
    this.downstream = downstream;
    this.timer = new SessionTimer(context.relay(), downstream.eventLoop(), this);
  }

  /** Ends it; only the first call counts. */
  abstract void end(CloseReason reason, String detail, End how);

  /** Tells the other end of a channel that no more comes. */
  abstract void shutOutput(DuplexChannel channel);

  @Override
  public final boolean uses(Channel channel) {
    return !ended() && (channel == downstream || channel == upstream);
  }

  @Override
  public final void onReadComplete(Side side) {
    DuplexChannel to = channel(side.other());
    if (to != null) {
      to.flush();
    }
  }

  /** One side cannot take more: stop reading the other, so that its sender feels it. */
  @Override
  public final void onWritable(Side side, boolean writable) {
    DuplexChannel from = channel(side.other());
    if (from != null) {
      from.config().setAutoRead(writable);
    }
  }

  @Override
  public final void onError(Side side, Throwable cause) {
    if (cause instanceof IOException) {
      onReset(side, SocketErrors.words(cause));
    } else {
      Mishap mishap = Mishap.of(context.listener(), cause);
      end(mishap.reason(), mishap.detail(), End.RESET);
    }
  }

  @Override
  public final void onFailed(CloseReason reason, String detail) {
    if (reason == CloseReason.NO_ENDPOINT) {
      book.noneHealthy();
    }
    end(reason, detail, End.RESET); // so that callers which try again do so at once
  }

  @Override
  public final void onIdle() {
    end(eof.isEmpty() ? CloseReason.IDLE : CloseReason.HALF_CLOSED_TIMEOUT, "", End.FIN);
  }

  @Override
  public final void onTooOld() {
    end(CloseReason.MAX_CONNECTION_TIME, "", End.FIN);
  }

  @Override
  public final boolean halfClosed() {
    return !eof.isEmpty();
  }

  /** EOF came from a side: the other is told when it has had all; its own direction goes on. */
  final void passFin(Side from) {
    DuplexChannel to = channel(from.other());
    if (to != null) {
      to.writeAndFlush(Unpooled.EMPTY_BUFFER)
          .addListener((ChannelFutureListener) flushed -> flushed(from.other(), to));
    }
  }

  private void flushed(Side side, DuplexChannel channel) {
    if (!uses(channel) || !outputShut.add(side)) {
      return;
    }
    if (outputShut.size() == Side.values().length) {
      end(CloseReason.DONE, "", End.FIN);
    } else {
      shutOutput(channel);
    }
  }

  /** The channel of a side; null when it is not connected. */
  final @Nullable DuplexChannel channel(Side side) {
    return side == Side.DOWNSTREAM ? downstream : upstream;
  }
}
