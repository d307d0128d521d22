package io.zoneproxy.core.relay.epoll;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.relay.End;
import io.zoneproxy.core.relay.HeldHello;
import io.zoneproxy.core.relay.ListenerContext;
import io.zoneproxy.core.relay.Matching;
import io.zoneproxy.core.relay.Peek;
import io.zoneproxy.core.route.FilterChain;
import io.zoneproxy.core.route.Opening;
import org.jspecify.annotations.Nullable;

/**
 * The ClientHello of a downstream is awaited, and picks its filter chain. It is parsed where it was
 * received; a copy is made of what has to wait. Owns that copy.
 */
final class Peeking implements Phase {
  private final EpollConnection connection;
  private final Peek peek;
  private final boolean awaits;
  private final long deadline;
  private @Nullable ByteBuf received;

  Peeking(EpollConnection connection) {
    ListenerContext context = connection.context();
    ListenerSpec.Peeking how = context.table().get().peeking();
    this.connection = connection;
    this.awaits = how.clientHello();
    this.peek = context.peek().create();
    this.deadline = System.nanoTime() + how.timeout().orElse(context.hello().timeout()).toNanos();
  }

  /** No byte is awaited when the listener does not look at them. */
  void start() {
    if (!awaits) {
      received = Unpooled.EMPTY_BUFFER;
      match(Opening.PLAIN, 0);
    }
  }

  @Override
  public void onReady(Half downstream) {
    RelayLoop shared = connection.shared();
    while (downstream.readable()) {
      int bytes = downstream.receive(shared.address(), RelayLoop.BUFFER_BYTES);
      if (bytes > 0 && advance(shared.received(bytes))) {
        return;
      }
    }
    Exception failure = downstream.failure();
    if (failure == null && !downstream.eof()) {
      return;
    }
    if (received == null) {
      connection.endSilently();
    } else if (failure == null) {
      end(CloseReason.HELLO_INCOMPLETE, "");
    } else {
      end(CloseReason.DOWNSTREAM_RESET, String.valueOf(failure.getMessage()));
    }
  }

  /** Whether the connection is beyond peeking. */
  private boolean advance(ByteBuf bytes) {
    Peek.Outcome outcome = peek.advance(bytes);
    keep(bytes);
    switch (outcome) {
      case MORE -> {
        return false;
      }
      case COMPLETE -> match(Matching.opening(peek, outcome), peek.helloBytes());
      case NOT_TLS -> match(Matching.opening(peek, outcome), 0); // nothing to be sent twice
      case MALFORMED -> end(CloseReason.MALFORMED_HELLO, "");
      case TOO_LONG -> end(CloseReason.HELLO_TOO_LONG, "");
    }
    return true;
  }

  private void keep(ByteBuf bytes) {
    ByteBuf held = received;
    if (held == null) {
      held = ByteBufAllocator.DEFAULT.directBuffer(bytes.readableBytes());
      received = held;
    }
    held.writeBytes(bytes); // grows in powers of two
  }

  private void match(Opening opening, int helloBytes) {
    FilterChain chain = Matching.match(connection.context(), connection.book(), opening);
    ByteBuf hello = received;
    if (chain instanceof FilterChain.Passthrough to && hello != null) {
      received = null;
      new Dialing(connection, to, new HeldHello(hello, helloBytes)).start();
    } else if (chain instanceof FilterChain.Terminate end && hello != null) {
      connection.handOver(end, hello);
      received = null;
    } else if (chain instanceof FilterChain.Refuse refuse) {
      end(refuse.reason(), refuse.detail());
    }
  }

  @Override
  public void onSweep(long now) {
    if (now - deadline >= 0) {
      end(CloseReason.HELLO_TIMEOUT, "");
    }
  }

  private void end(CloseReason reason, String detail) {
    connection.end(reason, detail, End.FIN);
  }

  @Override
  public void close() {
    ByteBuf held = received;
    if (held != null) {
      received = null;
      held.release();
    }
  }
}
