package io.zoneproxy.core.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.route.FilterChain;
import io.zoneproxy.core.route.Opening;
import io.zoneproxy.core.route.TlsTermination;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The downstream of a {@link FilterChain.Terminate} chain: other handlers serve its channel, and
 * this one, nearest to the socket, keeps the book until it closes. Owns the channel.
 */
public final class HandedOver extends ChannelDuplexHandler implements LiveConnection {
  private final ListenerContext context;
  private final ConnectionBook book;
  private final Channel channel;
  private final boolean own;
  private final AtomicBoolean cut = new AtomicBoolean();
  private CloseReason reason = CloseReason.DONE; // on the event loop
  private String detail = "";

  private HandedOver(ListenerContext context, ConnectionBook book, Channel channel, boolean own) {
    this.context = context;
    this.book = book;
    this.channel = channel;
    this.own = own;
  }

  /**
   * Takes the place of a connection among the live ones, before that one leaves them: an update in
   * between finds one of the two.
   *
   * @param book of the connection, which was admitted
   * @param channel owned by this from now on
   * @param chain that it matched
   */
  public static HandedOver enter(
      ListenerContext context, ConnectionBook book, Channel channel, FilterChain.Terminate chain) {
    HandedOver entered = new HandedOver(context, book, channel, chain.own());
    context.live().add(entered);
    return entered;
  }

  /**
   * Puts the handlers in; the channel has read nothing before, and is registered unless that
   * failed. On its event loop.
   *
   * @param received what the downstream has sent so far, read as if it came now; owned by this
   */
  public void begin(FilterChain.Terminate chain, ByteBuf received) {
    if (!channel.isActive()) { // it was reset meanwhile, and Netty will not say so
      received.release();
      end(CloseReason.DOWNSTREAM_RESET, "before it was handed over");
      return;
    }
    try {
      channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false); // unless they want it
      channel.attr(TlsTermination.COUNTED_BY).set(context.stats());
      channel.pipeline().addLast(this);
      chain.handlers().accept(channel);
    } catch (Throwable e) { // another module's code: its mistake must not cost a socket
      received.release();
      Mishap mishap = Mishap.of(listener(), e);
      end(mishap.reason(), mishap.detail());
      return;
    }
    if (received.isReadable()) {
      channel.pipeline().fireChannelRead(received).fireChannelReadComplete();
    } else {
      received.release(); // nothing was peeked at
    }
    channel.config().setAutoRead(true);
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
  public boolean own() {
    return own;
  }

  @Override
  public boolean cut(CloseReason reason) {
    boolean first = cut.compareAndSet(false, true);
    if (first) {
      channel.eventLoop().execute(() -> end(reason, ""));
    }
    return first;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    book.up(((ByteBuf) message).readableBytes());
    ctx.fireChannelRead(message);
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (message instanceof ByteBuf bytes) {
      book.down(bytes.readableBytes());
    }
    ctx.write(message, promise);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException) {
      reason = CloseReason.DOWNSTREAM_RESET; // told when the others have heard that it is over
      detail = String.valueOf(cause.getMessage());
      reset();
    } else {
      ctx.fireExceptionCaught(cause);
    }
  }

  /** The others hear of it first: whoever leaves in a handshake makes it fail, and they say how. */
  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    ctx.fireChannelInactive();
    leave(reason, detail);
  }

  private void end(CloseReason reason, String detail) {
    leave(reason, detail);
    reset();
  }

  private void reset() {
    if (channel.isOpen()) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0); // RST: it was not the whole
    }
    channel.close();
  }

  private void leave(CloseReason reason, String detail) {
    if (book.ended()) {
      return;
    }
    context.live().remove(this);
    context.admission().release();
    String failure = channel.attr(TlsTermination.FAILURE).get();
    if (failure != null && reason != CloseReason.INTERNAL) {
      book.end(CloseReason.TLS_FAILED, failure);
    } else {
      book.end(reason, detail);
    }
  }
}
