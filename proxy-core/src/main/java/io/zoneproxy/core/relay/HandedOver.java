package io.zoneproxy.core.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.route.FilterChain;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The downstream of a {@link FilterChain.Terminate} chain: other handlers serve its channel, and
 * this one, nearest to the socket, keeps the book until it closes. Owns the channel.
 */
public final class HandedOver extends ChannelDuplexHandler implements LiveConnection {
  private static final Logger log = LoggerFactory.getLogger(HandedOver.class);

  private final ListenerContext context;
  private final ConnectionBook book;
  private final Channel channel;
  private final AtomicBoolean cut = new AtomicBoolean();

  /**
   * @param book of the connection, which was admitted and is not among the live ones
   */
  public HandedOver(ListenerContext context, ConnectionBook book, Channel channel) {
    this.context = context;
    this.book = book;
    this.channel = channel;
  }

  /**
   * Puts the handlers in; the channel must be registered, and read nothing before. On its event
   * loop.
   *
   * @param received what the downstream has sent so far, read as if it came now; owned by this
   */
  public void begin(FilterChain.Terminate chain, ByteBuf received) {
    context.live().add(this);
    channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false); // unless they want it
    channel.pipeline().addLast(this);
    try {
      chain.handlers().accept(channel);
    } catch (RuntimeException e) { // another module's code: its mistake must not cost a socket
      log.error("{}: a connection could not be set up", context.listener(), e);
      received.release();
      end(CloseReason.INTERNAL, e.toString());
      return;
    }
    channel.pipeline().fireChannelRead(received).fireChannelReadComplete();
    channel.config().setAutoRead(true);
  }

  @Override
  public String listener() {
    return context.listener();
  }

  @Override
  public @Nullable String serverName() {
    return book.serverName();
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
      end(CloseReason.DOWNSTREAM_RESET, String.valueOf(cause.getMessage()));
    } else {
      ctx.fireExceptionCaught(cause);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    leave(CloseReason.DONE, "");
    ctx.fireChannelInactive();
  }

  private void end(CloseReason reason, String detail) {
    leave(reason, detail);
    if (channel.isOpen()) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0); // RST: it was not the whole
    }
    channel.close();
  }

  private void leave(CloseReason reason, String detail) {
    if (!book.ended()) {
      context.live().remove(this);
      context.admission().release();
      book.end(reason, detail);
    }
  }
}
