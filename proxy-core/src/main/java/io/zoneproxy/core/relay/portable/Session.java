package io.zoneproxy.core.relay.portable;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.socket.DuplexChannel;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.relay.Attempts;
import io.zoneproxy.core.relay.Attempts.Attempt;
import io.zoneproxy.core.relay.ConnectionBook;
import io.zoneproxy.core.relay.End;
import io.zoneproxy.core.relay.HandedOver;
import io.zoneproxy.core.relay.HeldHello;
import io.zoneproxy.core.relay.ListenerContext;
import io.zoneproxy.core.relay.LiveConnection;
import io.zoneproxy.core.relay.Matching;
import io.zoneproxy.core.relay.Side;
import io.zoneproxy.core.route.FilterChain;
import io.zoneproxy.core.route.Opening;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One connection of the portable relay: a downstream channel, then an upstream channel on the same
 * event loop, and the bytes between them. Both channels tell it what happens through their {@link
 * RelayHandler}; it alone closes them. On the event loop only, but for what {@link LiveConnection}
 * says.
 *
 * <p>Its life: the ClientHello is awaited ({@link PeekHandler}), an endpoint is dialed, bytes are
 * relayed, it ends. Until the upstream's first byte it may go back from relaying to dialing.
 */
final class Session extends RelayedPair implements LiveConnection {
  private @Nullable UpstreamConnector connector;
  private @Nullable HeldHello hello;
  private @Nullable LiveConnection successor; // the channel was handed over to it
  private final AtomicBoolean cut = new AtomicBoolean();

  Session(ListenerContext context, DuplexChannel downstream) {
    super(context, new ConnectionBook(context, downstream.remoteAddress()), downstream);
    context.live().add(this);
  }

  @Override
  public String listener() {
    return context.listener();
  }

  @Override
  public @Nullable Opening opening() {
    return book.opening();
  }

  @Override
  public boolean cut(CloseReason reason) {
    boolean first = cut.compareAndSet(false, true);
    if (first) {
      downstream.eventLoop().execute(() -> cutNow(reason));
    }
    return first;
  }

  /** It may have been handed over since. */
  private void cutNow(CloseReason reason) {
    LiveConnection next = successor;
    if (next != null) {
      next.cut(reason);
    } else {
      end(reason, "", End.RESET);
    }
  }

  @Override
  public boolean ended() {
    return over();
  }

  private boolean over() {
    return successor != null || book.ended();
  }

  /** It is known what it began with: picks its chain. */
  FilterChain match(Opening opening) {
    return Matching.match(context, book, opening);
  }

  /**
   * The chain ends TLS: other handlers take the channel over.
   *
   * @param received owned by them from now on
   */
  void handOver(FilterChain.Terminate chain, ByteBuf received) {
    HandedOver handed = HandedOver.enter(context, book, downstream, chain);
    successor = handed;
    context.live().remove(this);
    handed.begin(chain, received);
  }

  /**
   * The chain is known: dials an endpoint. Reading goes on meanwhile, or a downstream that leaves
   * would not be noticed; {@link #onRead} stops it at the first byte.
   *
   * @param received what the downstream sent so far; owned by the session from now on
   * @param helloBytes how much of it is the ClientHello
   */
  void start(FilterChain.Passthrough chain, ByteBuf received, int helloBytes) {
    hello = new HeldHello(received, helloBytes);
    timer.start(chain.options().idleTimeout().orElse(context.relay().idleTimeout()));
    connector =
        new UpstreamConnector(
            downstream.eventLoop(),
            channel -> channel.pipeline().addLast(new RelayHandler(this, Side.UPSTREAM)),
            new Attempts(chain, context.relay(), book),
            this);
    connector.next();
  }

  @Override
  public void onConnected(DuplexChannel channel, Attempt attempt) {
    upstream = channel;
    book.connected(attempt);
    HeldHello held = hello;
    if (held != null) {
      book.up(held.uncounted());
      channel.writeAndFlush(held.copy(), channel.voidPromise());
    }
    downstream.config().setAutoRead(channel.isWritable());
    if (eof.contains(Side.DOWNSTREAM)) {
      passFin(Side.DOWNSTREAM);
    }
  }

  @Override
  public void onRead(Side side, ByteBuf bytes) {
    timer.touch();
    if (side == Side.UPSTREAM) {
      dropHello(); // the endpoint has answered: it is the one
      book.down(bytes.readableBytes());
      downstream.write(bytes, downstream.voidPromise());
      return;
    }
    DuplexChannel to = upstream;
    if (to == null) {
      // Early data: one read of it is kept, the rest can wait in the kernel.
      downstream.config().setAutoRead(false);
      hello().append(bytes);
    } else {
      dropHello(); // more than a ClientHello has gone: there is no way back
      book.up(bytes.readableBytes());
      to.write(bytes, to.voidPromise());
    }
  }

  /** EOF here is a FIN there; the other direction goes on. */
  @Override
  public void onEof(Side side) {
    if (side == Side.UPSTREAM && closedEarly()) {
      tryAnother(CloseReason.UPSTREAM_CLOSED_EARLY, "FIN before the first byte", End.FIN);
      return;
    }
    eof.add(side);
    timer.onHalfClosed();
    if (channel(side.other()) != null) {
      passFin(side);
    }
  }

  @Override
  public void onReset(Side side, String detail) {
    DuplexChannel to = channel(side.other());
    if (eof.contains(side) && upstream != null && to != null) {
      // It has closed its socket, and was sent something after that. Its last bytes are delivered.
      String closed = side == Side.DOWNSTREAM ? "by the downstream" : "by the upstream";
      to.writeAndFlush(Unpooled.EMPTY_BUFFER)
          .addListener(flushed -> end(CloseReason.DONE, "closed " + closed, End.FIN));
    } else if (side == Side.DOWNSTREAM) {
      // One that has had the upstream's FIN had all: it leaves a last word of TLS unread, no more.
      CloseReason relayed =
          outputShut.contains(Side.DOWNSTREAM) ? CloseReason.DONE : CloseReason.DOWNSTREAM_RESET;
      end(upstream == null ? CloseReason.DOWNSTREAM_GONE : relayed, detail, End.RESET);
    } else if (closedEarly()) {
      tryAnother(CloseReason.UPSTREAM_RESET, detail, End.RESET);
    } else {
      end(CloseReason.UPSTREAM_RESET, detail, End.RESET);
    }
  }

  @Override
  void end(CloseReason reason, String detail, End how) {
    if (!over()) {
      book.end(reason, detail, this::giveBack);
      close(how);
    }
  }

  /** Ends it without a record: no byte ever came. */
  void endSilently() {
    if (!over()) {
      book.endSilently(this::giveBack);
      close(End.FIN);
    }
  }

  private void giveBack() {
    context.live().remove(this);
    context.admission().release();
  }

  private void close(End how) {
    timer.stop();
    dropHello();
    UpstreamConnector dialing = connector;
    if (dialing != null) {
      dialing.cancel();
    }
    Sockets.close(downstream, how);
    DuplexChannel to = upstream;
    if (to != null) {
      Sockets.close(to, how);
    }
  }

  /** Whether the endpoint left before its first byte and has had nothing but the ClientHello. */
  private boolean closedEarly() {
    HeldHello held = hello;
    return held != null && held.isOnlyHello();
  }

  private void tryAnother(CloseReason otherwise, String detail, End how) {
    DuplexChannel left = upstream;
    UpstreamConnector dial = connector;
    if (left == null || dial == null || !dial.hasNext()) {
      end(otherwise, detail, how);
      return;
    }
    upstream = null;
    outputShut.clear();
    book.leave();
    Sockets.close(left, End.RESET);
    downstream
        .config()
        .setAutoRead(true); // as in start(); the one that was left may have stopped it
    dial.next();
  }

  @Override
  void shutOutput(DuplexChannel channel) {
    channel.shutdownOutput();
  }

  private HeldHello hello() {
    HeldHello held = hello;
    if (held == null) {
      throw new IllegalStateException("dialing without the ClientHello");
    }
    return held;
  }

  private void dropHello() {
    HeldHello held = hello;
    if (held != null) {
      hello = null;
      held.release();
    }
  }
}
