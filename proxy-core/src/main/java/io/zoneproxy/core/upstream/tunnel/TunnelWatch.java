package io.zoneproxy.core.upstream.tunnel;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.proxy.ProxyConnectionEvent;
import io.netty.util.ReferenceCountUtil;
import io.zoneproxy.core.observe.CloseReason;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Stands behind what asks a proxy, and leaves when there is a way. On the event loop. */
final class TunnelWatch extends ChannelInboundHandlerAdapter {
  private static final String CLOSED = "closed without an answer";
  private static final int FORBIDDEN = 403;
  private static final int WANTS_CREDENTIALS = 407;

  /** Bad gateway, unavailable, gateway timeout: the proxy did not get through to the endpoint. */
  private static final Set<Integer> NOT_REACHED = Set.of(502, 503, 504);

  private final Tunnel tunnel;
  private final Duration timeout;
  private final Tunnel.Outcome outcome;
  private @Nullable Future<?> deadline;
  private boolean over;

  TunnelWatch(Tunnel tunnel, Duration timeout, Tunnel.Outcome outcome) {
    this.tunnel = tunnel;
    this.timeout = timeout;
    this.outcome = outcome;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    if (!timeout.isZero()) {
      deadline =
          ctx.executor()
              .schedule(
                  () -> failed(ctx, tunnel.notMade()), timeout.toMillis(), TimeUnit.MILLISECONDS);
    }
    ctx.fireChannelActive();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ProxyConnectionEvent && end()) {
      ctx.pipeline().remove(this);
      outcome.onOpen(ctx.channel());
    } else if (event == ChannelInputShutdownEvent.INSTANCE) {
      failed(ctx, tunnel.notConnected(CLOSED));
    } else {
      ctx.fireUserEventTriggered(event);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ReferenceCountUtil.release(message); // of an answer that was given up
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    failed(ctx, tunnel.notConnected(CLOSED));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    Throwable inner = cause.getCause();
    if (cause instanceof Asking.Refused refused) {
      failed(ctx, answered(refused.status()));
    } else if (inner == null || inner instanceof IOException) { // FIN, reset
      failed(ctx, tunnel.notConnected(CLOSED));
    } else {
      failed(ctx, tunnel.notConnected("no answer of HTTP"));
    }
  }

  private Tunnel.Failure answered(int status) {
    boolean notReached = NOT_REACHED.contains(status);
    String meaning =
        switch (status) {
          case WANTS_CREDENTIALS -> "it wants other credentials";
          case FORBIDDEN -> "it does not allow this";
          default -> notReached ? "it did not reach the service" : "expected: 2xx";
        };
    return new Tunnel.Failure(
        CloseReason.CONNECT_FAILED,
        tunnel.says("answered " + status + " (" + meaning + ")"),
        notReached);
  }

  private void failed(ChannelHandlerContext ctx, Tunnel.Failure failure) {
    if (end()) {
      outcome.onFailed(ctx.channel(), failure);
    }
  }

  private boolean end() {
    Future<?> pending = deadline;
    if (pending != null) {
      deadline = null;
      pending.cancel(false);
    }
    boolean first = !over;
    over = true;
    return first;
  }
}
