package io.zoneproxy.core.relay;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one descriptor in reserve on a listening socket. When accept fails because none is left,
 * the reserve is given up, and what waits in the backlog is accepted and reset: its callers try
 * another proxy instead of hanging. With the backlog empty the reserve is taken again.
 */
final class DescriptorReserve extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(DescriptorReserve.class);

  /** Any file that can always be opened. */
  private static final String RESERVE = "/dev/null";

  /** How long accepting pauses when even the reserve was not enough; else the loop would spin. */
  private static final long PAUSE_MILLIS = 100;

  private final ListenerContext context;
  private @Nullable FileInputStream reserve;

  DescriptorReserve(ListenerContext context) {
    this.context = context;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    reserve = take();
    ctx.fireChannelActive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!SocketErrors.noDescriptors(cause)) {
      log.warn("{}: accept failed: {}", context.listener(), cause.toString());
      return;
    }
    context.server().descriptorsExhausted.increment();
    context.admission().outOfDescriptors(true);
    if (reserve != null) {
      log.warn(
          "{}: out of file descriptors; connections are reset until some are free",
          context.listener());
      release();
    } else {
      ctx.channel().config().setAutoRead(false);
      ctx.executor()
          .schedule(
              () -> ctx.channel().config().setAutoRead(true), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** The backlog is empty for now. */
  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (reserve == null) {
      reserve = take();
      context.admission().outOfDescriptors(reserve == null);
    }
    ctx.fireChannelReadComplete();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    release();
    ctx.fireChannelInactive();
  }

  private static @Nullable FileInputStream take() {
    try {
      return new FileInputStream(RESERVE);
    } catch (IOException e) {
      return null; // none left, or no such file on this system: then there is no reserve
    }
  }

  private void release() {
    FileInputStream held = reserve;
    if (held != null) {
      reserve = null;
      try {
        held.close();
      } catch (IOException e) {
        log.debug("closing the reserve: {}", e.getMessage());
      }
    }
  }
}
