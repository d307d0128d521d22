package io.zoneproxy.core.forward.pool;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.zoneproxy.core.forward.codec.HttpCodecs;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.relay.SocketErrors;
import io.zoneproxy.core.upstream.Endpoint;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** A connection that speaks HTTP/1.1: one request at a time. On its event loop. */
final class Http1Connection extends PooledConnection {
  private @Nullable Request current;
  private boolean served; // a request, before the one that is on it

  /** Its response was whole; what the same read brought more is not seen yet. */
  private boolean resting;

  private Http1Connection(Channel channel, EndpointPool pool) {
    super(channel, pool);
  }

  static Http1Connection on(Channel channel, EndpointPool pool) {
    Http1Connection connection = new Http1Connection(channel, pool);
    channel.pipeline().addLast(HttpCodecs.http1Client()).addLast(connection);
    return connection;
  }

  @Override
  int free() {
    return current == null && !isOver() ? 1 : 0;
  }

  @Override
  int active() {
    return current == null ? 0 : 1;
  }

  @Override
  boolean mayBeStale() {
    return served;
  }

  @Override
  UpstreamRequest begin(ResponseListener listener) {
    Request request = new Request(listener, served);
    served = true;
    current = request;
    return request;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    Request request = current;
    if (request == null) { // nobody asked for it: what comes next would be taken for an answer
      ReferenceCountUtil.release(message);
      close();
    } else {
      request.onPart((HttpObject) message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    Request request = current;
    if (request != null) {
      request.listener.onReadComplete();
    } else if (resting) {
      resting = false;
      serveOthers();
    }
  }

  private void serveOthers() {
    if (!isOver()) {
      pool.onFree(this);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    Request request = current;
    if (request != null) {
      request.listener.onWritability();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    broken(CloseReason.UPSTREAM_RESET, SocketErrors.words(cause));
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    broken(CloseReason.UPSTREAM_RESET, "closed by the upstream");
  }

  private void broken(CloseReason reason, String words) {
    Request request = current;
    current = null;
    if (reason == CloseReason.UPSTREAM_PROTOCOL_ERROR) {
      pool.onProtocolError();
    }
    close();
    if (request != null) {
      request.listener.onBroken(Failure.of(reason, pool.target().endpoint() + ": " + words));
    }
  }

  /** The one that is on the connection, until both it and its response are whole. */
  private final class Request implements UpstreamRequest {
    private final ResponseListener listener;
    private final boolean reused;
    private boolean written;
    private boolean interim; // the response that is being read is
    private int interims;
    private boolean keepAlive;

    Request(ResponseListener listener, boolean reused) {
      this.listener = listener;
      this.reused = reused;
    }

    @Override
    public void write(HttpObject part) {
      if (current != this) {
        ReferenceCountUtil.release(part);
        return;
      }
      written |= part instanceof LastHttpContent;
      channel.write(part, channel.voidPromise());
    }

    @Override
    public void flush() {
      channel.flush();
    }

    @Override
    public boolean isWritable() {
      return channel.isWritable();
    }

    @Override
    public void read(boolean wanted) {
      if (current == this) {
        channel.config().setAutoRead(wanted);
      }
    }

    @Override
    public void cancel() {
      if (current == this) {
        current = null;
        close(); // the rest of its response could not be told from the next one's
      }
    }

    @Override
    public Endpoint endpoint() {
      return pool.target().endpoint();
    }

    @Override
    public SocketAddress remote() {
      return channel.remoteAddress();
    }

    @Override
    public @Nullable SocketAddress local() {
      return channel.localAddress();
    }

    @Override
    public boolean reused() {
      return reused;
    }

    private void onPart(HttpObject part) {
      if (part.decoderResult().isFailure()) {
        ReferenceCountUtil.release(part);
        broken(
            CloseReason.UPSTREAM_PROTOCOL_ERROR,
            "no valid HTTP/1.1: " + part.decoderResult().cause().getMessage());
        return;
      }
      if (part instanceof HttpResponse head) {
        onHead(head);
      }
      if (part instanceof HttpContent content) {
        onContent(content);
      }
    }

    private void onHead(HttpResponse head) {
      HttpResponseStatus status = head.status();
      if (status.equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
        broken(CloseReason.UPSTREAM_PROTOCOL_ERROR, "switches protocols, and nobody asked for it");
        return;
      }
      String coding = String.join(",", head.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING));
      if (!coding.isEmpty() && !HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(coding)) {
        broken(
            CloseReason.UPSTREAM_PROTOCOL_ERROR,
            "transfer-encoding " + coding + " (expected: chunked)");
        return;
      }
      interim = status.codeClass() == HttpStatusClass.INFORMATIONAL;
      if (interim && ++interims > HttpCodecs.MAX_INTERIM) {
        broken(CloseReason.UPSTREAM_PROTOCOL_ERROR, HttpCodecs.TOO_MANY_INTERIM);
      } else if (!interim) {
        keepAlive = HttpUtil.isKeepAlive(head);
        listener.onHead(head);
      }
    }

    private void onContent(HttpContent content) {
      if (interim || current != this) {
        content.release();
        return;
      }
      if (content instanceof LastHttpContent) {
        finish();
        listener.onContent(content);
        maybeClose();
      } else {
        listener.onContent(content);
      }
    }

    /**
     * Before the listener hears of it, which may ask for the next one at once. That one does not
     * get this connection before the read is over: bytes behind a response are nobody's answer.
     */
    private void finish() {
      current = null;
      resting = true;
      onIdle();
      channel.config().setAutoRead(true); // to learn that it closes
      if (!written || !keepAlive) {
        takeNoMore();
      }
    }
  }
}
