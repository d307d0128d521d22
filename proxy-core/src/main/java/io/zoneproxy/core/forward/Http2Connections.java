package io.zoneproxy.core.forward;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.zoneproxy.core.forward.codec.Http2Server;
import io.zoneproxy.core.forward.codec.HttpCodecs;
import io.zoneproxy.core.forward.codec.OwnFaultException;
import io.zoneproxy.core.forward.limit.Alarm;
import io.zoneproxy.core.forward.limit.Limits;
import io.zoneproxy.core.forward.limit.RapidResets;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.observe.request.HttpConnectionStats;
import io.zoneproxy.core.relay.End;
import io.zoneproxy.core.relay.HandedOver;
import io.zoneproxy.core.relay.Mishap;
import io.zoneproxy.core.relay.SocketErrors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A downstream's connection that speaks HTTP/2: its streams, its idle time, its end. What the
 * streams write in one turn of the event loop goes out together. On its event loop.
 */
final class Http2Connections extends ChannelInboundHandlerAdapter implements Alarm.Watched {
  private final Caller caller;
  private final HandedOver owner;
  private final HttpConnectionStats stats;
  private final Alarm alarm;
  private final long idleNanos;
  private final RapidResets resets = new RapidResets();
  private final List<Http2Downstream> read = new ArrayList<>(); // since the last end of reading
  private @Nullable Http2Server codec;
  private @Nullable ChannelHandlerContext codecContext;
  private Http2Connection.@Nullable PropertyKey key;
  private int streams;
  private long idleSince = System.nanoTime();
  private boolean flushing;
  private boolean leaving;
  private boolean flooded;
  private boolean faulty;

  private Http2Connections(Caller caller, Alarm alarm) {
    HttpChain chain = caller.chain();
    this.caller = caller;
    this.owner = caller.owner();
    this.stats = chain.stats().connections;
    this.alarm = alarm;
    this.idleNanos = chain.spec().timeouts().idle().orElse(Limits.IDLE).toNanos();
  }

  /** Puts the handlers in. */
  static void addTo(Channel channel, Caller caller) {
    Http2Connections connection = new Http2Connections(caller, new Alarm(channel.eventLoop()));
    Frames frames = connection.new Frames();
    Http2Server codec = HttpCodecs.addHttp2Server(channel.pipeline(), frames);
    connection.codec = codec;
    connection.codecContext = channel.pipeline().context(codec);
    connection.key = codec.connection().newKey();
    codec.connection().addListener(frames);
    codec
        .connection()
        .remote()
        .flowController()
        .listener(
            stream -> {
              Http2Downstream request = connection.request(stream);
              if (request != null) {
                request.onWritability();
              }
            });
    channel.pipeline().addLast(connection);
  }

  // ---- what its streams ask for

  Http2Server codec() {
    return Objects.requireNonNull(codec);
  }

  ChannelHandlerContext context() {
    return Objects.requireNonNull(codecContext);
  }

  Alarm alarm() {
    return alarm;
  }

  /** Answers to requests that came together mostly come together: one TLS record, one write. */
  void flush() {
    if (!flushing) {
      flushing = true;
      context().channel().eventLoop().execute(this::onTurn);
    }
  }

  private void onTurn() {
    flushing = false;
    flushNow();
  }

  /** By the codec itself: what waits for a window goes, too. */
  void flushNow() {
    codec().flush(context());
  }

  // ---- frames

  private @Nullable Http2Downstream request(@Nullable Http2Stream stream) {
    return stream == null ? null : stream.getProperty(key);
  }

  private final class Frames extends Http2EventAdapter {
    @Override
    public void onHeadersRead(
        ChannelHandlerContext ctx, int id, Http2Headers headers, int padding, boolean end)
        throws Http2Exception {
      Http2Stream stream = codec().connection().stream(id);
      Http2Downstream known = request(stream);
      if (known != null) {
        known.onTrailers(headers);
        completes(known);
      } else if (stream != null) {
        Http2Downstream fresh = new Http2Downstream(caller, Http2Connections.this, stream);
        streams++;
        stream.setProperty(key, fresh);
        fresh.onHead(headers, end);
      }
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
    public int onDataRead(
        ChannelHandlerContext ctx, int id, ByteBuf data, int padding, boolean end) {
      int bytes = data.readableBytes() + padding;
      Http2Downstream known = request(codec().connection().stream(id));
      if (known == null) {
        return bytes;
      }
      completes(known);
      return known.onData(data.isReadable() ? data.retain() : Unpooled.EMPTY_BUFFER, bytes, end);
    }

    private void completes(Http2Downstream request) {
      if (request.isReadAnew()) {
        read.add(request);
      }
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext ctx, int id, long errorCode) {
      Http2Downstream known = request(codec().connection().stream(id));
      if (known != null) {
        resets.onReset(known.beganNanos()); // the stream is closed next
      }
    }

    @Override
    public void onStreamClosed(Http2Stream stream) {
      Http2Downstream known = stream.removeProperty(key);
      if (known != null) {
        streams--;
        idleSince = System.nanoTime();
        known.onGone();
        noteEnd();
      }
    }
  }

  private void noteEnd() {
    if (resets.onEnd() && !flooded) {
      flooded = true;
      goAway(codec().connection().remote().lastStreamCreated(), Http2Error.ENHANCE_YOUR_CALM);
      owner.end(CloseReason.DOWNSTREAM_RESET, "most of its streams at once", End.FIN);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    for (Http2Downstream request : read) {
      request.onReadComplete();
    }
    read.clear();
    ctx.fireChannelReadComplete();
  }

  // ---- idle time

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    alarm.add(this);
    alarm.expect(nextNanos());
  }

  @Override
  public long nextNanos() {
    if (idleNanos == 0) {
      return Alarm.NEVER;
    }
    return (streams > 0 ? System.nanoTime() : idleSince) + idleNanos;
  }

  @Override
  public void look(long nowNanos) {
    if (idleNanos > 0 && streams == 0 && nowNanos - idleSince >= idleNanos) {
      stats.idleTimeout.increment();
      owner.end(CloseReason.IDLE, "", End.FIN);
    }
  }

  // ---- the end

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == HttpEngine.DRAIN) {
      drain();
    } else {
      ctx.fireUserEventTriggered(event);
    }
  }

  /** No more requests, please; once. */
  void drain() {
    if (!leaving) {
      leaving = true;
      stats.drainClose.increment();
      leave();
    }
  }

  /** Two GOAWAYs, so that no request is lost that is under way (RFC 9113 §6.8). */
  private void leave() {
    goAway(Integer.MAX_VALUE, Http2Error.NO_ERROR);
    Duration grace = Limits.GOAWAY;
    ChannelHandlerContext at = context();
    at.executor()
        .schedule(
            () -> {
              goAway(codec().connection().remote().lastStreamCreated(), Http2Error.NO_ERROR);
              at.channel().close(); // when the last stream is over
            },
            grace.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private void goAway(int lastStream, Http2Error error) {
    ChannelHandlerContext at = context();
    codec().goAway(at, lastStream, error.code(), Unpooled.EMPTY_BUFFER, at.newPromise());
    at.flush();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof OwnFaultException ours) {
      onOwnFault(ctx, ours.fault());
      return;
    }
    stats.protocolError.increment();
    // The peer's doing. What broke the connection's rules ends it; later, for the codec, which asks
    // here first, says in a GOAWAY why.
    ctx.executor()
        .execute(() -> owner.end(CloseReason.DOWNSTREAM_RESET, SocketErrors.words(cause), End.FIN));
  }

  /** The first one says what is wrong; others may come of it. */
  private void onOwnFault(ChannelHandlerContext ctx, Throwable fault) {
    if (!faulty) {
      faulty = true;
      Mishap mishap = Mishap.of(owner.listener(), fault);
      ctx.executor().execute(() -> owner.end(mishap.reason(), mishap.detail(), End.FIN));
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    alarm.close();
    ctx.fireChannelInactive();
  }
}
