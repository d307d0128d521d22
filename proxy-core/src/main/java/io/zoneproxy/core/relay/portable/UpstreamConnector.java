package io.zoneproxy.core.relay.portable;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DuplexChannel;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.relay.Attempts;
import io.zoneproxy.core.relay.Attempts.Attempt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Dials endpoints for one connection, on its event loop, until one answers. */
final class UpstreamConnector {
  /** Told of the outcome, on the event loop. */
  interface Outcome {
    /** The channel is open and the listener's from now on. */
    void onConnected(DuplexChannel channel, Attempt attempt);

    /** No endpoint is left to try. */
    void onFailed(CloseReason reason, String detail);
  }

  private final EventLoop loop;
  private final Bootstrap bootstrap;
  private final Attempts attempts;
  private final Outcome outcome;
  private @Nullable ChannelFuture dialing;
  private boolean cancelled;

  /**
   * @param handler makes the first handler of each upstream channel
   */
  UpstreamConnector(
      EventLoop loop, Supplier<ChannelHandler> handler, Attempts attempts, Outcome outcome) {
    this.loop = loop;
    this.attempts = attempts;
    this.outcome = outcome;
    long timeout = attempts.timeout().toMillis();
    this.bootstrap =
        Transport.upstream(loop)
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.min(timeout, Integer.MAX_VALUE))
            .handler(new FirstHandler(handler));
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
    ChannelFuture dial = bootstrap.connect(attempt.address());
    dialing = dial;
    dial.addListener((ChannelFutureListener) done -> onLoop(() -> dialed(done, attempt)));
  }

  /** Forgets about the endpoint being dialed. */
  void cancel() {
    cancelled = true;
    ChannelFuture pending = dialing;
    if (pending != null) {
      dialing = null;
      pending.channel().close();
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

  private void dialed(ChannelFuture dial, Attempt attempt) {
    if (cancelled) {
      dial.channel().close();
      return;
    }
    dialing = null;
    Throwable cause = dial.cause();
    if (cause == null) {
      outcome.onConnected((DuplexChannel) dial.channel(), attempt);
      return;
    }
    if (cause instanceof ConnectTimeoutException) {
      attempts.timedOut(attempt);
    } else {
      attempts.failed(attempt, cause);
    }
    next();
  }
}
