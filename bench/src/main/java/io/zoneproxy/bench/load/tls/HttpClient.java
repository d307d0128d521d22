package io.zoneproxy.bench.load.tls;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A connection that asks and checks each answer. On the loop's thread. */
abstract class HttpClient extends ByteToMessageDecoder {
  /** Told what happens. */
  interface Owner {
    /** Requests may be sent. */
    void onReady(HttpClient client);

    /** An answer was right; {@code dueNanos} is what its request came with. */
    void onAnswer(HttpClient client, long dueNanos);

    /** It is over; a fault was counted, if it was one. */
    void onClosed(HttpClient client);

    /** Something is wrong. */
    void onFault(String text);
  }

  final Owner owner;
  private @Nullable ChannelHandlerContext context;
  private boolean ready;
  private boolean ending;

  HttpClient(Owner owner) {
    this.owner = owner;
  }

  /** Sends one. */
  abstract void request(long dueNanos);

  /** Requests that are not answered. */
  abstract int open();

  /** Requests that it takes at a time. */
  abstract int most();

  final ChannelHandlerContext context() {
    return Objects.requireNonNull(context);
  }

  final boolean isReady() {
    return ready;
  }

  final void ready() {
    ready = true;
    owner.onReady(this);
  }

  /** Closes it; all was answered. */
  final void end() {
    ending = true;
    ChannelHandlerContext at = context;
    if (at != null) {
      at.close();
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  /** The handshake is done. */
  abstract void secured(ChannelHandlerContext ctx);

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    if (event instanceof SslHandshakeCompletionEvent handshake) {
      if (handshake.isSuccess()) {
        secured(ctx);
      } else {
        fault("handshake: " + handshake.cause());
      }
    }
    super.userEventTriggered(ctx, event);
  }

  final void fault(String text) {
    if (!ending) {
      ending = true;
      owner.onFault(text);
      context().close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    Throwable deepest = cause.getCause() instanceof IOException inner ? inner : cause;
    fault(String.valueOf(deepest.getMessage()));
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    if (!ending) {
      ending = true;
      owner.onFault("closed with " + open() + " requests open");
    }
    try {
      super.channelInactive(ctx); // reads what is left, which may be the fault once more
    } finally {
      owner.onClosed(this);
    }
  }
}
