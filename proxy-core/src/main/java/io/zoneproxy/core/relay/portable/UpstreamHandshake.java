package io.zoneproxy.core.relay.portable;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.zoneproxy.core.relay.SocketErrors;
import io.zoneproxy.core.route.TlsSession;
import io.zoneproxy.core.route.TlsTermination;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stands behind the handlers that begin TLS, and leaves when the handshake is done; or says that it
 * failed, once. On the event loop.
 */
final class UpstreamHandshake extends ChannelInboundHandlerAdapter {
  /** Told how it ended; once, but for what comes after a channel was given up. */
  interface Outcome {
    /** The handshake is done. */
    void onDone(Channel channel);

    /** It took too long. */
    void onTimeout(Channel channel);

    /** It failed; why, for the record. */
    void onFailed(Channel channel, String why);
  }

  private final Duration timeout;
  private final Outcome outcome;
  private @Nullable Future<?> deadline;
  private boolean over;

  /**
   * @param timeout of the handshake alone, as long as the dial before it may take
   */
  UpstreamHandshake(Duration timeout, Outcome outcome) {
    this.timeout = timeout;
    this.outcome = outcome;
  }

  /** Where a proxy was asked first it comes into a channel that is connected. */
  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    if (ctx.channel().isActive()) {
      begin(ctx);
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    begin(ctx);
    ctx.fireChannelActive();
  }

  private void begin(ChannelHandlerContext ctx) {
    deadline =
        ctx.executor()
            .schedule(
                () -> end(() -> outcome.onTimeout(ctx.channel())),
                timeout.toMillis(),
                TimeUnit.MILLISECONDS);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == TlsSession.ESTABLISHED) {
      ctx.pipeline().remove(this);
      end(() -> outcome.onDone(ctx.channel()));
    } else {
      ctx.fireUserEventTriggered(event);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    failed(ctx.channel(), SocketErrors.words(cause));
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    failed(ctx.channel(), "closed in the TLS handshake");
  }

  /** What the handlers before it have noted says more. */
  private void failed(Channel channel, String otherwise) {
    String noted = channel.attr(TlsTermination.FAILURE).get();
    end(() -> outcome.onFailed(channel, noted == null ? otherwise : noted));
  }

  private void end(Runnable how) {
    Future<?> pending = deadline;
    if (pending != null) {
      deadline = null;
      pending.cancel(false);
    }
    if (!over) {
      over = true;
      how.run();
    }
  }
}
