package io.zoneproxy.core.relay.portable;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.zoneproxy.core.relay.Side;

/** Tells the {@link Session} what happens on one of its two channels. */
final class RelayHandler extends ChannelInboundHandlerAdapter {
  private final Session session;
  private final Side side;

  RelayHandler(Session session, Side side) {
    this.session = session;
    this.side = side;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    if (session.uses(ctx.channel())) {
      session.onRead(side, bytes);
    } else {
      bytes.release();
    }
  }

  /** Once a burst, not once a buffer. */
  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (session.uses(ctx.channel())) {
      session.onReadComplete(side);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (session.uses(ctx.channel())) {
      session.onWritable(side, ctx.channel().isWritable());
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == ChannelInputShutdownEvent.INSTANCE && session.uses(ctx.channel())) {
      session.onEof(side);
    }
  }

  /** Without a FIN first: the peer, or a failed write, tore it down. */
  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (session.uses(ctx.channel())) {
      session.onReset(side, "closed");
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (session.uses(ctx.channel())) {
      session.onError(side, cause);
    }
  }
}
