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
 * the reserve is given up, and what waits in the backlog is accepted and reset, one after the other
 * through that descriptor: its callers try another proxy instead of hanging. As soon as a
 * descriptor is free again the reserve is taken back, and connections stay.
 */
final class DescriptorReserve extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(DescriptorReserve.class);

  /** Any file that can always be opened. */
  private static final String RESERVE = "/dev/null";

  /**
   * Between two tries to take the reserve back, and how long accepting pauses when even the reserve
   * was not enough, or the loop would spin. A hundred tries a second cost nothing to speak of.
   */
  private static final long PAUSE_MILLIS = 10;

  /** A shortage may come and go with every connection: one line for all of them. */
  private static final long WARN_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final ListenerContext context;
  private @Nullable FileInputStream reserve;
  private boolean givenUp;
  private boolean acceptedSince;
  private long warnedAt = System.nanoTime() - WARN_NANOS;

  DescriptorReserve(ListenerContext context) {
    this.context = context;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    reserve = take();
    ctx.fireChannelActive();
  }

  /** A connection was accepted. */
  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    acceptedSince = true;
    ctx.fireChannelRead(message);
  }

  /** Accept has failed; not passed on, for Netty's answer is to accept nothing for a second. */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    boolean noDescriptors = SocketErrors.noDescriptors(cause);
    warn(
        noDescriptors
            ? "out of file descriptors; connections are reset until some are free"
            : cause.toString());
    if (noDescriptors && reserve != null) {
      giveUp(ctx);
    } else if (!acceptedSince) {
      pause(ctx);
    }
    // Else: what was accepted is reset by now, and its descriptor serves the next one.
    acceptedSince = false;
  }

  private void giveUp(ChannelHandlerContext ctx) {
    release();
    givenUp = true;
    context.admission().reserveGivenUp();
    ctx.executor().schedule(() -> takeBack(ctx), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void takeBack(ChannelHandlerContext ctx) {
    if (!givenUp) {
      return; // the socket was closed
    }
    reserve = take();
    if (reserve == null) {
      ctx.executor().schedule(() -> takeBack(ctx), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    } else {
      givenUp = false;
      context.admission().reserveTaken();
    }
  }

  private static void pause(ChannelHandlerContext ctx) {
    ctx.channel().config().setAutoRead(false);
    ctx.executor()
        .schedule(
            () -> ctx.channel().config().setAutoRead(true), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void warn(String what) {
    long now = System.nanoTime();
    if (now - warnedAt >= WARN_NANOS) {
      warnedAt = now;
      log.warn("{}: accept failed: {}", context.listener(), what);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    release();
    if (givenUp) {
      givenUp = false;
      context.admission().reserveTaken();
    }
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
