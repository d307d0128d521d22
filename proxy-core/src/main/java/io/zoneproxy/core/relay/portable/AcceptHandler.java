package io.zoneproxy.core.relay.portable;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.zoneproxy.core.relay.DescriptorReserve;
import io.zoneproxy.core.relay.ListenerContext;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** On a listening channel: does what its {@link DescriptorReserve} says when accept fails. */
final class AcceptHandler extends ChannelInboundHandlerAdapter {
  private final ListenerContext context;
  private @Nullable DescriptorReserve reserve;

  AcceptHandler(ListenerContext context) {
    this.context = context;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    reserve = new DescriptorReserve(context, ctx.executor());
    ctx.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (reserve != null) {
      reserve.accepted();
    }
    ctx.fireChannelRead(message);
  }

  /** Not passed on, for Netty's answer is to accept nothing for a second. */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (reserve != null && reserve.failed(cause)) {
      ctx.channel().config().setAutoRead(false);
      ctx.executor()
          .schedule(
              () -> ctx.channel().config().setAutoRead(true),
              DescriptorReserve.PAUSE_MILLIS,
              TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (reserve != null) {
      reserve.close();
    }
    ctx.fireChannelInactive();
  }
}
