package io.zoneproxy.core.forward.pool;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection.Endpoint;
import io.netty.handler.codec.http2.Http2Connection.PropertyKey;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.zoneproxy.core.forward.codec.Http2Client;
import io.zoneproxy.core.forward.codec.HttpCodecs;
import io.zoneproxy.core.forward.codec.OwnFaultException;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.observe.Origin;
import io.zoneproxy.core.relay.Mishap;
import io.zoneproxy.core.relay.SocketErrors;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connection that speaks HTTP/2: many requests at a time. What they write in one turn of the
 * event loop goes out together. On its event loop.
 */
final class Http2Connection extends PooledConnection {
  private final Http2Client codec;
  private final ChannelHandlerContext context; // the codec's
  private final PropertyKey key;
  private final List<Http2Request> read = new ArrayList<>(); // since the last end of reading
  private long limit = EndpointPool.FIRST_STREAMS;
  private int active;
  private boolean served;
  private boolean flushing;
  private int lastTaken = Integer.MAX_VALUE; // of the streams, by the upstream's GOAWAY
  private Failure failure;

  private Http2Connection(Channel channel, EndpointPool pool) {
    super(channel, pool);
    Frames frames = new Frames();
    this.failure = failure(CloseReason.UPSTREAM_RESET, "closed by the upstream");
    this.codec = HttpCodecs.addHttp2Client(channel.pipeline(), frames);
    this.context = channel.pipeline().context(codec);
    this.key = codec.connection().newKey();
    codec.connection().addListener(frames);
    codec.connection().remote().flowController().listener(frames::onWritability);
  }

  static Http2Connection on(Channel channel, EndpointPool pool) {
    Http2Connection connection = new Http2Connection(channel, pool);
    channel.pipeline().addLast(connection);
    return connection;
  }

  private Failure failure(CloseReason reason, String words) {
    return Failure.of(reason, pool.target().endpoint() + ": " + words);
  }

  @Override
  int free() {
    return isOver() ? 0 : (int) Math.max(0, limit - active);
  }

  @Override
  int active() {
    return active;
  }

  /** Its end is announced. */
  @Override
  boolean mayBeStale() {
    return false;
  }

  @Override
  UpstreamRequest begin(ResponseListener listener) {
    Http2Request request = new Http2Request(this, listener, served);
    served = true;
    active++;
    return request;
  }

  // ---- what its requests ask for

  Target target() {
    return pool.target();
  }

  Channel channel() {
    return channel;
  }

  EventLoop loop() {
    return channel.eventLoop();
  }

  Http2Client codec() {
    return codec;
  }

  ChannelHandlerContext context() {
    return context;
  }

  /**
   * Makes a stream.
   *
   * @throws Http2Exception when the connection takes no more
   */
  Http2Stream open(Http2Request request) throws Http2Exception {
    Endpoint<?> ours = codec.connection().local();
    Http2Stream stream = ours.createStream(ours.incrementAndGetNextStreamId(), false);
    stream.setProperty(key, request);
    return stream;
  }

  /** Requests that come together go together: one TLS record, one write. */
  void flush() {
    if (!flushing) {
      flushing = true;
      loop().execute(this::onTurn);
    }
  }

  private void onTurn() {
    flushing = false;
    codec.flush(context);
  }

  /** A stream is over. */
  void onEnd() {
    boolean full = free() == 0;
    active--;
    onIdle();
    maybeClose();
    if (full && free() > 0) {
      pool.onFree(this);
    }
  }

  // ---- frames

  private @Nullable Http2Request request(@Nullable Http2Stream stream) {
    return stream == null ? null : stream.getProperty(key);
  }

  private final class Frames extends Http2EventAdapter implements Http2Client.Listener {
    private @Nullable Http2Request completes(int id) {
      Http2Request request = request(codec.connection().stream(id));
      if (request != null && request.isReadAnew()) {
        read.add(request);
      }
      return request;
    }

    @Override
    public void onHeadersRead(
        ChannelHandlerContext ctx, int id, Http2Headers headers, int padding, boolean end)
        throws Http2Exception {
      Http2Request request = completes(id);
      if (request == null) {
        throw unasked("answers what nobody asked");
      }
      request.onHeaders(headers, end);
    }

    @Override
    public void onHeadersRead(
        ChannelHandlerContext ctx,
        int id,
        Http2Headers headers,
        int dependency,
        short weight,
        boolean exclusive,
        int padding,
        boolean end)
        throws Http2Exception {
      onHeadersRead(ctx, id, headers, padding, end);
    }

    @Override
    public int onDataRead(ChannelHandlerContext ctx, int id, ByteBuf data, int padding, boolean end)
        throws Http2Exception {
      int bytes = data.readableBytes() + padding;
      Http2Request request = completes(id);
      if (request == null) {
        return bytes;
      }
      return request.onData(data.isReadable() ? data.retain() : Unpooled.EMPTY_BUFFER, bytes, end);
    }

    @Override
    public void onPushPromiseRead(
        ChannelHandlerContext ctx, int id, int promised, Http2Headers headers, int padding)
        throws Http2Exception {
      throw unasked("pushes, and the settings forbid it");
    }

    private Http2Exception unasked(String words) {
      return Http2Exception.connectionError(Http2Error.PROTOCOL_ERROR, words);
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext ctx, int id, long errorCode) {
      Http2Request request = request(codec.connection().stream(id));
      if (request != null) {
        request.onReset(errorCode); // the stream is closed next
      }
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) {
      Long streamsAtATime = settings.maxConcurrentStreams();
      if (streamsAtATime != null) {
        onLimit(streamsAtATime);
      }
    }

    @Override
    public void onGoAwayRead(
        ChannelHandlerContext ctx, int lastStream, long errorCode, ByteBuf debugData) {
      lastTaken = Math.min(lastTaken, lastStream); // those behind are closed next
      retire();
    }

    @Override
    public void onFault(Http2Stream stream, Http2Exception fault, boolean ours) {
      Http2Request request = request(stream);
      if (request == null) {
        return;
      }
      if (ours && fault instanceof Http2Exception.HeaderListSizeException) {
        request.broken(tooLong(fault, !stream.isHeadersSent()));
        return;
      }
      CloseReason reason = ours ? CloseReason.UPSTREAM_RESET : CloseReason.UPSTREAM_PROTOCOL_ERROR;
      if (!ours) {
        pool.onProtocolError();
      }
      request.broken(failure(reason, SocketErrors.words(fault)));
    }

    /**
     * Others pass here.
     *
     * @param untouched nothing was sent of it, so that another endpoint may take it; of trailers
     *     the head was
     */
    private Failure tooLong(Http2Exception fault, boolean untouched) {
      return new Failure(
          CloseReason.UPSTREAM_RESET,
          target().endpoint()
              + ": takes no request with such long headers, by its SETTINGS_MAX_HEADER_LIST_SIZE: "
              + SocketErrors.words(fault),
          untouched,
          Failure.Scope.REQUEST);
    }

    @Override
    public void onStreamClosed(Http2Stream stream) {
      Http2Request request = stream.removeProperty(key);
      if (request != null) {
        request.onClosed(stream.id() > lastTaken ? leftOut() : failure);
        onEnd();
      }
    }

    /** RFC 9113 §6.8: it has not been looked at. */
    private Failure leftOut() {
      return new Failure(
          CloseReason.UPSTREAM_RESET,
          target().endpoint() + ": takes no more requests (GOAWAY)",
          true);
    }

    private void onWritability(Http2Stream stream) {
      Http2Request request = request(stream);
      if (request != null) {
        request.onWritability();
      }
    }
  }

  private void onLimit(long streamsAtATime) {
    boolean full = free() == 0;
    limit = streamsAtATime;
    if (full && free() > 0) {
      pool.onFree(this);
    } else if (!full && free() == 0) {
      pool.onRetired(this); // no more for now
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    for (Http2Request request : read) {
      request.onReadComplete();
    }
    read.clear();
    ctx.fireChannelReadComplete();
  }

  // ---- the end

  /** Of the connection, or of the rules: these the codec, which asks here first, then tells. */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof OwnFaultException ours) {
      onOwnFault(ours.fault());
    } else if (Http2CodecUtil.getEmbeddedHttp2Exception(cause) != null) {
      pool.onProtocolError();
      failure = failure(CloseReason.UPSTREAM_PROTOCOL_ERROR, SocketErrors.words(cause));
    } else if (failure.reason() == CloseReason.UPSTREAM_RESET) { // else this came of that
      failure = failure(CloseReason.UPSTREAM_RESET, SocketErrors.words(cause));
    }
    takeNoMore();
    pool.onRetired(this);
    loop().execute(this::end);
  }

  /** The first one says what is wrong; others may come of it. */
  private void onOwnFault(Throwable fault) {
    if (failure.reason().origin() != Origin.PROXY) {
      Mishap mishap = Mishap.of(target().cluster().name(), fault);
      failure = failure(mishap.reason(), mishap.detail());
    }
  }

  /** Requests do not wait for an upstream that does not read why. */
  private void end() {
    try {
      codec
          .connection()
          .forEachActiveStream(
              stream -> {
                Http2Request request = request(stream);
                if (request != null) {
                  request.broken(failure);
                }
                return true;
              });
    } catch (Http2Exception e) {
      throw new IllegalStateException("nothing above throws one", e);
    }
    close();
    context.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    close();
    ctx.fireChannelInactive();
  }
}
