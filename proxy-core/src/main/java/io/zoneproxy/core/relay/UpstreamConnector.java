package io.zoneproxy.core.relay;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DuplexChannel;
import io.zoneproxy.core.config.RelayConfig;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.upstream.Endpoint;
import io.zoneproxy.core.upstream.Picker;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Dials endpoints of a cluster for one connection, on its event loop: the one whose turn it is, and
 * after a failure another, each at most once.
 */
final class UpstreamConnector {
  /** Told of the outcome, on the event loop. */
  interface Outcome {
    /** The channel is open and the listener's from now on. */
    void onConnected(DuplexChannel channel, Endpoint endpoint, InetSocketAddress address);

    /** No endpoint is left to try. */
    void onFailed(CloseReason reason, String detail);
  }

  private final EventLoop loop;
  private final Bootstrap bootstrap;
  private final Picker picker;
  private final Connection book;
  private final RelayConfig config;
  private final Outcome outcome;
  private final List<Endpoint> tried = new ArrayList<>(1);
  private @Nullable ChannelFuture dialing;
  private boolean cancelled;

  /**
   * @param handler makes the first handler of each upstream channel
   */
  UpstreamConnector(
      EventLoop loop,
      Supplier<ChannelHandler> handler,
      Picker picker,
      Connection book,
      RelayConfig config,
      Outcome outcome) {
    this.loop = loop;
    this.picker = picker;
    this.book = book;
    this.config = config;
    this.outcome = outcome;
    long timeout = picker.cluster().connectTimeout(config.connectTimeout()).toMillis();
    this.bootstrap =
        Transport.upstream(loop)
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.min(timeout, Integer.MAX_VALUE))
            .handler(new FirstHandler(handler));
  }

  /** Whether another endpoint could be tried. */
  boolean hasNext() {
    return book.connectAttempts() < config.maxConnectAttempts() && picker.hasOther(tried);
  }

  /** Dials the next endpoint; the outcome tells how that ended. */
  void next() {
    next(CloseReason.NO_ENDPOINT, picker.cluster().name());
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

  private void next(CloseReason otherwise, String detail) {
    boolean allowed = book.connectAttempts() < config.maxConnectAttempts();
    Endpoint endpoint = allowed ? picker.pick(tried) : null;
    InetSocketAddress address = endpoint == null ? null : endpoint.dialAddress();
    if (endpoint == null || address == null) {
      outcome.onFailed(otherwise, detail);
      return;
    }
    if (!tried.isEmpty()) {
      book.failedOver();
    }
    tried.add(endpoint);
    book.dialing();
    ChannelFuture dial = bootstrap.connect(address);
    dialing = dial;
    dial.addListener((ChannelFutureListener) done -> onLoop(() -> dialed(done, endpoint, address)));
  }

  /** A dial that got no socket has no event loop, and is told from a thread of Netty's own. */
  private void onLoop(Runnable work) {
    if (loop.inEventLoop()) {
      work.run();
    } else {
      loop.execute(work);
    }
  }

  private void dialed(ChannelFuture dial, Endpoint endpoint, InetSocketAddress address) {
    if (cancelled) {
      dial.channel().close();
      return;
    }
    dialing = null;
    Throwable cause = dial.cause();
    if (cause == null) {
      outcome.onConnected((DuplexChannel) dial.channel(), endpoint, address);
      return;
    }
    CloseReason reason = reasonOf(cause);
    if (reason == CloseReason.NO_DESCRIPTORS) {
      // Ours alone: no endpoint is to blame, and another would fare no better.
      outcome.onFailed(reason, String.valueOf(cause.getMessage()));
      return;
    }
    book.failed(endpoint, reason == CloseReason.CONNECT_TIMEOUT);
    next(reason, String.valueOf(cause.getMessage()));
  }

  private static CloseReason reasonOf(Throwable cause) {
    if (cause instanceof ConnectTimeoutException) {
      return CloseReason.CONNECT_TIMEOUT;
    }
    if (SocketErrors.noLocalPort(cause)) {
      return CloseReason.NO_LOCAL_PORT;
    }
    return SocketErrors.noDescriptors(cause)
        ? CloseReason.NO_DESCRIPTORS
        : CloseReason.CONNECT_FAILED;
  }
}
