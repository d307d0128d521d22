package io.zoneproxy.core.forward.pool;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.relay.SocketErrors;
import io.zoneproxy.core.relay.portable.Transport;
import io.zoneproxy.core.route.TlsSession;
import io.zoneproxy.core.route.TlsTermination;
import io.zoneproxy.core.upstream.tunnel.Tunnel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection being made; where TLS is begun it is made when the handshake is done. On its event
 * loop.
 */
final class PooledDial {
  /** Told once how it ended, unless it was cancelled. */
  interface Outcome {
    /** The channel is open, without handlers for HTTP, and the outcome's from now on. */
    void onConnected(Channel channel, ConnectionCount count);

    /** It was not made. */
    void onFailed(Failure failure);
  }

  private final Target target;
  private final Optional<Tunnel> tunnel;
  private final ConnectionCount count;
  private final Outcome outcome;
  private @Nullable Channel channel;
  private @Nullable Future<?> deadline;
  private boolean opened; // the way through the proxy
  private boolean blameless;
  private boolean over;

  private PooledDial(Target target, Outcome outcome) {
    this.target = target;
    this.tunnel = target.endpoint().tunnel();
    this.count = new ConnectionCount(target.cluster(), target.endpoint());
    this.outcome = outcome;
  }

  /**
   * Begins one that the circuit breaker has allowed.
   *
   * @param timeout for all of it
   */
  static PooledDial begin(
      EventLoop loop, Target target, InetSocketAddress address, Duration timeout, Outcome outcome) {
    PooledDial dial = new PooledDial(target, outcome);
    Bootstrap bootstrap =
        Transport.upstream(loop)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0) // ours covers the handshake, too
            .option(ChannelOption.ALLOW_HALF_CLOSURE, false)
            .handler(dial.initializer(address));
    ChannelFuture connecting =
        dial.tunnel.isPresent() ? dial.tunnel.get().dial(bootstrap) : bootstrap.connect(address);
    dial.channel = connecting.channel();
    dial.deadline = loop.schedule(dial::timedOut, timeout.toMillis(), TimeUnit.MILLISECONDS);
    // Never before this returns; a dial that got no socket is told from a thread of Netty's own.
    connecting.addListener((ChannelFutureListener) done -> loop.execute(() -> dial.dialed(done)));
    return dial;
  }

  /** Forgets about it. */
  void cancel() {
    if (end()) {
      count.gone();
      discard();
    }
  }

  private ChannelInitializer<Channel> initializer(InetSocketAddress address) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel fresh) {
        if (tunnel.isPresent()) {
          tunnel.get().install(fresh, address, Duration.ZERO, new Opening());
        } else {
          fill(fresh);
        }
      }
    };
  }

  private void fill(Channel fresh) {
    fresh.attr(TlsTermination.COUNTED_BY).set(target.cluster().stats().tls());
    target.tls().ifPresent(install -> install.accept(fresh));
    fresh.pipeline().addLast(count).addLast(new Handshaking());
  }

  private void dialed(ChannelFuture done) {
    Throwable cause = done.cause();
    if (cause != null) {
      String words = SocketErrors.words(cause);
      blameless = tunnel.isPresent(); // it is the proxy who was not there
      failed(
          CloseReason.CONNECT_FAILED,
          tunnel.map(through -> through.notConnected(words).words()).orElse(words),
          cause);
    } else if (target.tls().isEmpty() && tunnel.isEmpty()) {
      succeeded();
    }
  }

  private void succeeded() {
    Channel open = channel;
    if (open != null && end()) {
      open.pipeline().remove(Handshaking.class);
      count.connected();
      outcome.onConnected(open, count);
    }
  }

  private void timedOut() {
    String words = "no answer in time";
    Channel waiting = channel;
    if (waiting != null && tunnel.isPresent() && !opened) {
      Tunnel through = tunnel.get();
      Tunnel.Failure failure = waiting.isActive() ? through.notMade() : through.noAnswer();
      blameless = !failure.blamesEndpoint();
      words = failure.words();
    }
    failed(CloseReason.CONNECT_TIMEOUT, words, new ConnectTimeoutException(words));
  }

  private void failed(CloseReason reason, String words, Throwable cause) {
    if (!end()) {
      return;
    }
    discard();
    String detail = target.endpoint() + ": " + words;
    if (SocketErrors.noDescriptors(cause)) {
      count.gone(); // ours alone: no endpoint is to blame
      outcome.onFailed(new Failure(CloseReason.NO_DESCRIPTORS, detail, true));
    } else if (SocketErrors.noLocalPort(cause)) {
      count.gone();
      outcome.onFailed(new Failure(CloseReason.NO_LOCAL_PORT, detail, true));
    } else {
      count.failed(reason == CloseReason.CONNECT_TIMEOUT, !blameless);
      outcome.onFailed(new Failure(reason, detail, true));
    }
  }

  private boolean end() {
    Future<?> pending = deadline;
    if (pending != null) {
      pending.cancel(false);
    }
    boolean first = !over;
    over = true;
    return first;
  }

  private void discard() {
    Channel given = channel;
    if (given != null) {
      given.close();
    }
  }

  /** Waits for the way through a proxy. */
  private final class Opening implements Tunnel.Outcome {
    @Override
    public void onOpen(Channel open) {
      opened = true;
      if (!over) {
        fill(open);
        if (target.tls().isEmpty()) {
          succeeded();
        }
      }
    }

    @Override
    public void onFailed(Channel failed, Tunnel.Failure failure) {
      blameless = !failure.blamesEndpoint();
      failed(failure.reason(), failure.words(), new ConnectTimeoutException(failure.words()));
    }
  }

  /** Stands behind TLS that is being begun. */
  private final class Handshaking extends ChannelInboundHandlerAdapter {
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event == TlsSession.ESTABLISHED) {
        succeeded();
      } else {
        ctx.fireUserEventTriggered(event);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      tlsFailed(ctx, SocketErrors.words(cause), cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      tlsFailed(ctx, "closed in the TLS handshake", new ConnectTimeoutException("closed"));
    }

    private void tlsFailed(ChannelHandlerContext ctx, String words, Throwable cause) {
      String said = ctx.channel().attr(TlsTermination.FAILURE).get();
      failed(CloseReason.UPSTREAM_TLS_FAILED, said == null ? words : said, cause);
    }
  }
}
