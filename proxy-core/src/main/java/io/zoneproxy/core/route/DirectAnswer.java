package io.zoneproxy.core.route;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Sends a text and FIN, whatever the downstream says. What it still sends is read and dropped for a
 * while: closing a socket with something unread in it is a reset, which may destroy the answer.
 */
final class DirectAnswer extends ChannelInboundHandlerAdapter {
  /** More than a round trip anywhere; who is not done by then is not waited for. */
  private static final long LINGER_SECONDS = 2;

  private final byte[] text;

  private DirectAnswer(byte[] text) {
    this.text = text;
  }

  /** Installs one that sends this. */
  static Consumer<Channel> of(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return channel -> channel.pipeline().addLast(new DirectAnswer(bytes));
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    Channel channel = ctx.channel();
    ctx.writeAndFlush(Unpooled.wrappedBuffer(text))
        .addListener((ChannelFutureListener) sent -> hangUp(channel));
    channel.eventLoop().schedule(() -> channel.close(), LINGER_SECONDS, TimeUnit.SECONDS);
  }

  private static void hangUp(Channel channel) {
    if (channel instanceof DuplexChannel duplex) {
      duplex.shutdownOutput();
    } else {
      channel.close();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ReferenceCountUtil.release(message);
  }
}
