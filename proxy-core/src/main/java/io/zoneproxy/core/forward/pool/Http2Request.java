package io.zoneproxy.core.forward.pool;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.relay.SocketErrors;
import io.zoneproxy.core.upstream.Endpoint;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** One stream of an {@link Http2Connection}. On its event loop. */
final class Http2Request extends ChannelInboundHandlerAdapter implements UpstreamRequest {
  private static final int LEAST_STATUS = 100; // three digits (RFC 9110 §15); Netty takes 000

  private final Http2Connection connection;
  private final ResponseListener listener;
  private final boolean reused;
  private @Nullable Channel stream;
  private boolean written;
  private boolean interim;
  private boolean headed; // the response has begun
  private boolean over;
  private boolean ended; // the connection knows

  Http2Request(Http2Connection connection, ResponseListener listener, boolean reused) {
    this.connection = connection;
    this.listener = listener;
    this.reused = reused;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    stream = ctx.channel();
  }

  /** The stream is open, unless there is a cause. */
  void opened(@Nullable Throwable cause) {
    if (cause != null) {
      end();
      // Not at once: whoever has asked does not know yet that it has begun.
      connection
          .channel()
          .eventLoop()
          .execute(() -> broken(SocketErrors.words(cause), true, false));
    }
  }

  @Override
  public void write(HttpObject part) {
    Channel open = stream;
    if (over || open == null) {
      ReferenceCountUtil.release(part);
    } else {
      written |= part instanceof LastHttpContent;
      open.write(part, open.voidPromise());
    }
  }

  @Override
  public void flush() {
    Channel open = stream;
    if (open != null) {
      open.flush();
    }
  }

  @Override
  public boolean isWritable() {
    Channel open = stream;
    return open != null && open.isWritable();
  }

  @Override
  public void read(boolean wanted) {
    Channel open = stream;
    if (open != null) {
      open.config().setAutoRead(wanted);
    }
  }

  @Override
  public void cancel() {
    if (!over) {
      over = true;
      reset(Http2Error.CANCEL);
    }
  }

  private void reset(Http2Error error) {
    Channel open = stream;
    if (open != null && open.isActive()) {
      open.writeAndFlush(new DefaultHttp2ResetFrame(error)).addListener(sent -> open.close());
    }
  }

  @Override
  public Endpoint endpoint() {
    return connection.target().endpoint();
  }

  @Override
  public SocketAddress remote() {
    return connection.channel().remoteAddress();
  }

  @Override
  public @Nullable SocketAddress local() {
    return connection.channel().localAddress();
  }

  @Override
  public boolean reused() {
    return reused;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (over || !(message instanceof HttpObject part)) {
      ReferenceCountUtil.release(message);
      return;
    }
    if (part instanceof FullHttpResponse all) { // the codec makes these of a head that is all
      all.release();
      onPart(new DefaultHttpResponse(all.protocolVersion(), all.status(), all.headers()));
      onPart(LastHttpContent.EMPTY_LAST_CONTENT);
    } else {
      onPart(part);
    }
  }

  private void onPart(HttpObject part) {
    if (part instanceof HttpResponse head) {
      interim = head.status().codeClass() == HttpStatusClass.INFORMATIONAL;
      if (!interim && head.status().code() >= LEAST_STATUS) { // below: as if there were none
        headed = true;
        listener.onHead(head);
      }
    }
    if (part instanceof HttpContent content) {
      onContent(content);
    }
  }

  private void onContent(HttpContent content) {
    if (interim || over) {
      content.release();
      return;
    }
    if (!headed) {
      content.release();
      broken(
          Failure.of(
              CloseReason.UPSTREAM_PROTOCOL_ERROR, endpoint() + ": a response without a status"));
      reset(Http2Error.PROTOCOL_ERROR);
      return;
    }
    if (content instanceof LastHttpContent) {
      over = true;
      if (!written) {
        reset(Http2Error.NO_ERROR); // the rest is not wanted (RFC 9113 §8.1)
      }
    }
    listener.onContent(content);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (!over) {
      listener.onReadComplete();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (!over) {
      listener.onWritability();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof Http2ResetFrame reset) {
      boolean untouched = reset.errorCode() == Http2Error.REFUSED_STREAM.code();
      broken("reset the stream: " + Http2Error.valueOf(reset.errorCode()), untouched, true);
    }
    ReferenceCountUtil.release(event);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    broken(SocketErrors.words(cause), false, false);
    ctx.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    end();
    broken(connection.words(), false, false);
  }

  private void end() {
    if (!ended) {
      ended = true;
      connection.onEnd();
    }
  }

  private void broken(String words, boolean untouched, boolean alone) {
    broken(new Failure(CloseReason.UPSTREAM_RESET, endpoint() + ": " + words, untouched, alone));
  }

  private void broken(Failure failure) {
    if (!over) {
      over = true;
      listener.onBroken(failure);
    }
  }
}
