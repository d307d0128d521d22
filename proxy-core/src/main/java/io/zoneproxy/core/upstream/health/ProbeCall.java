package io.zoneproxy.core.upstream.health;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.zoneproxy.core.upstream.tunnel.Tunnel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One probe of one endpoint: connects, begins TLS where the cluster does, and asks. Owns its socket
 * and closes it, also when it is cancelled. On the control loop only.
 */
final class ProbeCall {
  /**
   * How an endpoint is reached.
   *
   * @param address what is dialed
   * @param tunnel whose address that is; empty = the endpoint's
   * @param tls begins TLS, and fires {@link HealthChecks#SECURED}; empty = none
   */
  record Way(InetSocketAddress address, Optional<Tunnel> tunnel, Optional<Consumer<Channel>> tls) {}

  private final Question question;
  private final Way way;
  private final Consumer<Outcome> outcome;
  private final Channel channel;
  private final Future<?> timeout;
  private boolean over;

  /**
   * Begins.
   *
   * @param limit for all of it
   * @param outcome told once, unless it was cancelled
   */
  ProbeCall(EventLoop loop, Question question, Way way, Duration limit, Consumer<Outcome> outcome) {
    this.question = question;
    this.way = way;
    this.outcome = outcome;
    this.timeout =
        loop.schedule(
            () -> end(Outcome.FAILED), limit.toNanos(), TimeUnit.NANOSECONDS); // connecting, too
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0) // the limit above is for everything
            .handler(initializer());
    ChannelFuture dial =
        way.tunnel().isPresent()
            ? way.tunnel().get().dial(bootstrap)
            : bootstrap.connect(way.address());
    this.channel = dial.channel();
    // A dial that got no socket has no event loop, and is told from a thread of Netty's own.
    dial.addListener((ChannelFutureListener) done -> loop.execute(() -> dialed(done)));
  }

  private ChannelInitializer<Channel> initializer() {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel fresh) {
        way.tunnel()
            .ifPresentOrElse(
                through -> through.install(fresh, way.address(), Duration.ZERO, new Opening()),
                () -> begin(fresh));
      }
    };
  }

  private void begin(Channel fresh) {
    way.tls().ifPresent(begin -> begin.accept(fresh));
    fresh.pipeline().addLast(new Guard());
  }

  private void dialed(ChannelFuture dial) {
    if (!dial.isSuccess()) {
      end(dial.cause() instanceof ChannelException ? Outcome.NOT_ASKED : Outcome.FAILED);
    } else if (way.tls().isEmpty() && way.tunnel().isEmpty()) {
      ask();
    }
  }

  private void ask() {
    if (!over && channel.isActive()) {
      channel.pipeline().remove(Guard.class);
      question.ask(channel, this::end);
      channel.pipeline().addLast(new Guard());
    } else {
      end(Outcome.FAILED);
    }
  }

  /** Nobody wants to know any more. */
  void cancel() {
    over = true;
    timeout.cancel(false);
    channel.close();
  }

  private void end(Outcome how) {
    if (!over) {
      cancel();
      outcome.accept(how);
    }
  }

  /** Waits for the way through a proxy. */
  private final class Opening implements Tunnel.Outcome {
    @Override
    public void onOpen(Channel open) {
      begin(open);
      if (way.tls().isEmpty()) {
        ask();
      }
    }

    @Override
    public void onFailed(Channel failed, Tunnel.Failure failure) {
      end(Outcome.FAILED);
    }
  }

  /** Behind all other handlers. */
  private final class Guard extends ChannelInboundHandlerAdapter {
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event == HealthChecks.SECURED) {
        ask();
      }
      ReferenceCountUtil.release(event);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ReferenceCountUtil.release(message); // nothing that the question waits for
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      end(Outcome.FAILED);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      end(Outcome.FAILED); // whatever it was: the endpoint has not answered
    }
  }
}
