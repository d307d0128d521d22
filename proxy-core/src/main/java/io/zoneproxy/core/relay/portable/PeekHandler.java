package io.zoneproxy.core.relay.portable;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.zoneproxy.core.model.ListenerSpec.Peeking;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.relay.End;
import io.zoneproxy.core.relay.ListenerContext;
import io.zoneproxy.core.relay.Matching;
import io.zoneproxy.core.relay.Peek;
import io.zoneproxy.core.relay.Side;
import io.zoneproxy.core.route.FilterChain;
import io.zoneproxy.core.route.Opening;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Peeks at the ClientHello of a downstream, picks its filter chain, and gives the channel to a
 * {@link Session}, bytes untouched. It owns what it has buffered until then.
 */
final class PeekHandler extends ChannelInboundHandlerAdapter {
  private final ListenerContext context;
  private final Session session;
  private final Peek peek;
  private final Peeking peeking;
  private @Nullable ByteBuf received;
  private @Nullable Future<?> deadline;

  PeekHandler(ListenerContext context, Session session) {
    this.context = context;
    this.session = session;
    this.peek = context.peek().create();
    this.peeking = context.table().get().peeking();
  }

  /** The deadline counts from accept; no byte extends it. */
  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    if (peeking.clientHello()) {
      deadline =
          ctx.executor()
              .schedule(
                  () -> close(CloseReason.HELLO_TIMEOUT, ""),
                  peeking.timeout().orElse(context.hello().timeout()).toMillis(),
                  TimeUnit.MILLISECONDS);
    }
  }

  /** No byte is awaited when the listener does not look at them. */
  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    if (!peeking.clientHello() && !session.ended()) {
      received = Unpooled.EMPTY_BUFFER;
      give(ctx, Opening.PLAIN, 0);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    if (session.ended()) {
      bytes.release();
      return;
    }
    Peek.Outcome outcome;
    try {
      outcome = peek.advance(bytes);
    } finally {
      keep(ctx, bytes); // whatever comes of it, the bytes have an owner
    }
    switch (outcome) {
      case MORE -> {}
      case COMPLETE -> give(ctx, Matching.opening(peek, outcome), peek.helloBytes());
      case NOT_TLS -> give(ctx, Matching.opening(peek, outcome), 0); // nothing to be sent twice
      case MALFORMED -> close(CloseReason.MALFORMED_HELLO, "");
      case TOO_LONG -> close(CloseReason.HELLO_TOO_LONG, "");
    }
  }

  /**
   * A ClientHello that comes in one piece is kept as it came. One in pieces is copied into one
   * buffer that grows with what was received: a byte at a time must not hold a read buffer each.
   */
  private void keep(ChannelHandlerContext ctx, ByteBuf bytes) {
    ByteBuf held = received;
    if (held == null) {
      received = bytes;
      return;
    }
    try {
      if (held.writableBytes() < bytes.readableBytes()) {
        int needed = held.readableBytes() + bytes.readableBytes();
        ByteBuf larger = ctx.alloc().buffer(Integer.highestOneBit(needed) << 1);
        larger.writeBytes(held);
        held.release();
        held = larger;
        received = larger;
      }
      held.writeBytes(bytes);
    } finally {
      bytes.release();
    }
  }

  private void give(ChannelHandlerContext ctx, Opening opening, int helloBytes) {
    FilterChain chain = session.match(opening);
    if (chain instanceof FilterChain.Passthrough to) {
      ByteBuf hello = received;
      received = null;
      cancelDeadline();
      ctx.pipeline().replace(this, null, new RelayHandler(session, Side.DOWNSTREAM));
      session.start(to, Objects.requireNonNull(hello), helloBytes);
    } else if (chain instanceof FilterChain.Terminate end) {
      ByteBuf hello = received;
      received = null;
      ctx.channel().config().setAutoRead(false);
      ctx.pipeline().remove(this);
      session.handOver(end, Objects.requireNonNull(hello));
    } else if (chain instanceof FilterChain.Refuse refuse) {
      close(refuse.reason(), refuse.detail());
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == ChannelInputShutdownEvent.INSTANCE) {
      gone();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    gone();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!(cause instanceof IOException)) {
      session.onError(Side.DOWNSTREAM, cause);
    } else if (received == null) {
      gone();
    } else {
      close(CloseReason.DOWNSTREAM_RESET, String.valueOf(cause.getMessage()));
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    cancelDeadline();
    ByteBuf held = received;
    if (held != null) {
      received = null;
      held.release();
    }
  }

  private void gone() {
    if (received == null) {
      session.endSilently();
    } else {
      close(CloseReason.HELLO_INCOMPLETE, "");
    }
  }

  private void close(CloseReason reason, String detail) {
    cancelDeadline();
    session.end(reason, detail, End.FIN);
  }

  private void cancelDeadline() {
    Future<?> pending = deadline;
    if (pending != null) {
      deadline = null;
      pending.cancel(false);
    }
  }
}
