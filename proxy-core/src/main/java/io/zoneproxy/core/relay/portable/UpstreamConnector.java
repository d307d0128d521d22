package io.zoneproxy.core.relay.portable;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DuplexChannel;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.relay.Attempts;
import io.zoneproxy.core.relay.Attempts.Attempt;
import io.zoneproxy.core.route.TlsTermination;
import io.zoneproxy.core.upstream.Endpoint;
import io.zoneproxy.core.upstream.tunnel.Tunnel;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Dials endpoints for one connection, on its event loop, until one answers. Where TLS is begun an
 * endpoint has answered when the handshake is done.
 */
final class UpstreamConnector {
  /** Told of the outcome, on the event loop. */
  interface Outcome {
    /** An endpoint is connected; the channel is the callee's from now on. */
    void onConnected(DuplexChannel channel, Attempt attempt);

    /** None is left. */
    void onFailed(CloseReason reason, String detail);
  }

  private final EventLoop loop;
  private final Bootstrap bootstrap;
  private final Attempts attempts;
  private final Function<Endpoint, Optional<Consumer<Channel>>> tls;
  private final Consumer<Channel> handlers;
  private final Outcome outcome;
  private @Nullable Channel dialing;
  private boolean cancelled;

  /**
   * TLS is left alone.
   *
   * @param handlers puts them into the pipeline of each upstream channel
   */
  UpstreamConnector(
      EventLoop loop, Consumer<Channel> handlers, Attempts attempts, Outcome outcome) {
    this(loop, endpoint -> Optional.empty(), handlers, attempts, outcome);
  }

  /**
   * @param tls what begins TLS towards an endpoint; empty = nothing does
   * @param handlers puts those that see plain bytes behind it
   */
  UpstreamConnector(
      EventLoop loop,
      Function<Endpoint, Optional<Consumer<Channel>>> tls,
      Consumer<Channel> handlers,
      Attempts attempts,
      Outcome outcome) {
    this.loop = loop;
    this.tls = tls;
    this.attempts = attempts;
    this.handlers = handlers;
    this.outcome = outcome;
    long timeout = attempts.timeout().toMillis();
    this.bootstrap =
        Transport.upstream(loop)
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.min(timeout, Integer.MAX_VALUE));
  }

  /** Whether another endpoint could be tried. */
  boolean hasNext() {
    return attempts.hasNext();
  }

  /** Dials the next endpoint; the outcome tells how that ended. */
  void next() {
    Attempt attempt = attempts.next();
    if (attempt == null) {
      outcome.onFailed(attempts.reason(), attempts.detail());
      return;
    }
    Optional<Consumer<Channel>> begin = tls.apply(attempt.endpoint());
    Optional<Tunnel> tunnel = attempt.endpoint().tunnel();
    Bootstrap prepared = bootstrap.clone().handler(initializer(attempt, tunnel, begin));
    ChannelFuture dial =
        tunnel.isPresent() ? tunnel.get().dial(prepared) : prepared.connect(attempt.address());
    dialing = dial.channel();
    boolean more = tunnel.isPresent() || begin.isPresent();
    dial.addListener((ChannelFutureListener) done -> onLoop(() -> dialed(done, attempt, more)));
  }

  private ChannelInitializer<Channel> initializer(
      Attempt attempt, Optional<Tunnel> tunnel, Optional<Consumer<Channel>> begin) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        if (tunnel.isPresent()) {
          tunnel
              .get()
              .install(channel, attempt.address(), attempts.timeout(), opening(attempt, begin));
        } else {
          fill(channel, attempt, begin);
        }
      }
    };
  }

  private void fill(Channel channel, Attempt attempt, Optional<Consumer<Channel>> begin) {
    begin.ifPresent(
        install -> {
          channel.attr(TlsTermination.COUNTED_BY).set(attempts.cluster().stats().tls());
          install.accept(channel);
          channel.pipeline().addLast(new UpstreamHandshake(attempts.timeout(), ended(attempt)));
        });
    handlers.accept(channel);
  }

  /** What becomes of an endpoint that a proxy is asked for. */
  private Tunnel.Outcome opening(Attempt attempt, Optional<Consumer<Channel>> begin) {
    return new Tunnel.Outcome() {
      @Override
      public void onOpen(Channel channel) {
        if (dialing == channel) {
          fill(channel, attempt, begin);
          if (begin.isEmpty()) {
            dialing = null;
            outcome.onConnected((DuplexChannel) channel, attempt);
          }
        }
      }

      @Override
      public void onFailed(Channel channel, Tunnel.Failure failure) {
        giveUp(channel, () -> attempts.tunnelFailed(attempt, failure));
      }
    };
  }

  /** Forgets about the endpoint being dialed. */
  void cancel() {
    cancelled = true;
    Channel pending = dialing;
    if (pending != null) {
      dialing = null;
      pending.close();
    }
  }

  /** A dial that got no socket has no event loop, and is told from a thread of Netty's own. */
  private void onLoop(Runnable work) {
    if (loop.inEventLoop()) {
      work.run();
    } else {
      loop.execute(work);
    }
  }

  private void dialed(ChannelFuture dial, Attempt attempt, boolean more) {
    Throwable cause = dial.cause();
    if (cancelled) {
      dial.channel().close();
    } else if (cause == null) {
      if (!more) {
        dialing = null;
        outcome.onConnected((DuplexChannel) dial.channel(), attempt);
      }
    } else {
      dialing = null;
      failed(attempt, cause, dial.channel().attr(TlsTermination.FAILURE).get());
      next();
    }
  }

  /**
   * @param noted by what begins TLS, which may have closed the channel at once; null when it did
   *     not
   */
  private void failed(Attempt attempt, Throwable cause, @Nullable String noted) {
    if (noted != null) {
      attempts.tlsFailed(attempt, noted);
    } else if (cause instanceof ConnectTimeoutException) {
      attempt
          .endpoint()
          .tunnel()
          .ifPresentOrElse(
              through -> attempts.tunnelFailed(attempt, through.noAnswer()),
              () -> attempts.timedOut(attempt));
    } else {
      attempts.failed(attempt, cause);
    }
  }

  /** What becomes of an endpoint that TLS is begun with. */
  private UpstreamHandshake.Outcome ended(Attempt attempt) {
    return new UpstreamHandshake.Outcome() {
      @Override
      public void onDone(Channel channel) {
        if (dialing == channel) {
          dialing = null;
          outcome.onConnected((DuplexChannel) channel, attempt);
        }
      }

      @Override
      public void onTimeout(Channel channel) {
        giveUp(channel, () -> attempts.timedOut(attempt));
      }

      @Override
      public void onFailed(Channel channel, String why) {
        giveUp(channel, () -> attempts.tlsFailed(attempt, why));
      }
    };
  }

  private void giveUp(Channel channel, Runnable note) {
    if (dialing == channel) {
      dialing = null;
      Sockets.reset(channel);
      note.run();
      next();
    }
  }
}
