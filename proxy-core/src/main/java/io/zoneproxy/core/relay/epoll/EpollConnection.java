package io.zoneproxy.core.relay.epoll;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.LinuxSocket;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.relay.ConnectionBook;
import io.zoneproxy.core.relay.End;
import io.zoneproxy.core.relay.HandedOver;
import io.zoneproxy.core.relay.ListenerContext;
import io.zoneproxy.core.relay.LiveConnection;
import io.zoneproxy.core.relay.Mishap;
import io.zoneproxy.core.relay.Side;
import io.zoneproxy.core.route.FilterChain;
import io.zoneproxy.core.route.Opening;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One connection of this relay from accept to close: {@link Peeking}, then {@link Dialing}, then
 * {@link Relaying}; until the upstream's first byte it may go back to dialing. It owns both
 * sockets, and it alone ends. On its event loop only, but for what {@link LiveConnection} says.
 */
final class EpollConnection extends Sweep.Member implements LiveConnection {
  private final ListenerContext context;
  private final RelayLoop shared;
  private final ConnectionBook book;
  private final Half downstream;
  private @Nullable Half upstream;
  private @Nullable Phase phase;
  private @Nullable LiveConnection successor; // the socket was handed over to it
  private boolean cut; // guarded by this

  /** A socket was accepted and admitted; it is owned by this from now on. */
  EpollConnection(
      ListenerContext context, RelayLoop shared, LinuxSocket accepted, InetSocketAddress peer) {
    this.context = context;
    this.shared = shared;
    this.book = new ConnectionBook(context, peer);
    this.downstream = new Half(accepted, Side.DOWNSTREAM, this);
  }

  /** Begins to wait for the ClientHello. */
  void start() {
    shared.join();
    context.live().add(this);
    phase = Phase.NONE;
    try {
      Peeking peeking = new Peeking(this);
      phase = peeking;
      downstream.register(shared);
      shared.opening().add(this);
      peeking.start();
    } catch (IOException e) {
      end(CloseReason.NO_MEMORY, String.valueOf(e.getMessage()), End.RESET);
    } catch (Throwable e) { // a peek is another module's code; its mistake must not cost a socket
      broken(e);
    }
  }

  ListenerContext context() {
    return context;
  }

  RelayLoop shared() {
    return shared;
  }

  ConnectionBook book() {
    return book;
  }

  Half downstream() {
    return downstream;
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
    synchronized (this) {
      if (cut) {
        return false;
      }
      cut = true;
    }
    shared.eventLoop().execute(() -> cutNow(reason));
    return true;
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

  /**
   * The chain ends TLS: the socket goes on as a Netty channel of the same event loop.
   *
   * @param received owned by the channel when this returns
   */
  void handOver(FilterChain.Terminate chain, ByteBuf received) {
    EpollSocketChannel channel = new EpollSocketChannel(downstream.fd().intValue());
    downstream.release(); // no failure is left: the socket is the channel's
    phase = null;
    Sweep.remove(this);
    HandedOver handed = HandedOver.enter(context, book, channel, chain);
    successor = handed;
    context.live().remove(this);
    shared.leave();
    channel.config().setAutoRead(false);
    EventLoop loop = shared.eventLoop();
    loop.register(channel)
        .addListener(done -> handed.begin(chain, received)); // at once, for this is its loop
  }

  /** Another phase takes over; it owns what the last one handed to it. */
  void enter(Phase next, Sweep deadlines) {
    phase = next;
    deadlines.add(this);
  }

  /** The socket towards the endpoint; the one before it was closed. */
  void dialed(Half socket) {
    upstream = socket;
  }

  void onReady(Half half) {
    Phase now = phase;
    if (now == null || (half != downstream && half != upstream)) {
      return; // an event of a closed socket
    }
    try {
      now.onReady(half);
    } catch (Throwable e) { // an exception would stop the event loop for a second: netty's rule
      broken(e);
    }
  }

  @Override
  void onSweep(long now) {
    Phase current = phase;
    if (current != null) {
      try {
        current.onSweep(now);
      } catch (Throwable e) { // or the connections after it in the list would not be seen
        broken(e);
      }
    }
  }

  /** The event loop ends before the connection does. */
  void onLoopEnd() {
    end(CloseReason.DRAINED, "", End.RESET);
  }

  private void broken(Throwable cause) {
    Mishap mishap = Mishap.of(listener(), cause);
    end(mishap.reason(), mishap.detail(), End.RESET);
  }

  /** Whether this is still its phase: another may have begun, or it may have ended. */
  boolean isIn(Phase one) {
    return phase == one;
  }

  /** Ends it; only the first call counts. */
  void end(CloseReason reason, String detail, End how) {
    if (phase != null) {
      leave();
      book.end(reason, detail, this::giveBack);
      close(how);
    }
  }

  /** Ends it without a record: no byte ever came. */
  void endSilently() {
    if (phase != null) {
      leave();
      book.endSilently(this::giveBack);
      close(End.FIN);
    }
  }

  private void leave() {
    Phase last = phase;
    phase = null;
    if (last != null) {
      last.close();
    }
    Sweep.remove(this);
  }

  private void giveBack() {
    context.live().remove(this);
    context.admission().release();
  }

  /** Last of all: who sees the FIN finds the connection counted. */
  private void close(End how) {
    downstream.close(how);
    Half other = upstream;
    if (other != null) {
      other.close(how);
    }
    shared.leave();
  }
}
