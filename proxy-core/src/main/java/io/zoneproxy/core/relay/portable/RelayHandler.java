package io.zoneproxy.core.relay.portable;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.zoneproxy.core.relay.Side;

/** Tells a connection what happens on one of its two channels. */
final class RelayHandler extends ChannelInboundHandlerAdapter {
  /** Told what happens. On the event loop. */
  interface Listener {
    /** Whether this channel is one of the two in use; one given up may still speak. */
    boolean uses(Channel channel);

    /** Bytes have come; owned by the callee. */
    void onRead(Side side, ByteBuf bytes);

    /** Nothing more for now. */
    void onReadComplete(Side side);

    /** The channel takes bytes again, or takes no more. */
    void onWritable(Side side, boolean writable);

    /** FIN, or what TLS has instead. */
    void onEof(Side side);

    /** The peer, or a failed write, tore the channel down. */
    void onReset(Side side, String detail);

    /** An exception came through the pipeline. */
    void onError(Side side, Throwable cause);
  }

  private final Listener session;
  private final Side side;

  RelayHandler(Listener session, Side side) {
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
