package io.zoneproxy.core.forward.codec;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.HttpConversionUtil;
import io.zoneproxy.core.forward.limit.FrameLimits;
import io.zoneproxy.core.relay.SocketErrors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/2 with one peer: streams are told to a listener. Netty's channel for each stream, with a
 * pipeline of its own, would be half of what a small request costs, and keeps each frame that waits
 * as an object. On its event loop.
 */
public abstract sealed class Http2Codec extends Http2ConnectionHandler
    permits Http2Server, Http2Client {
  private static final long RESET_NANOS = TimeUnit.SECONDS.toNanos(HttpCodecs.RESET_SECONDS);

  private final FrameLimits limits;
  private long resetsNanos = System.nanoTime();
  private int resets;

  Http2Codec(CodecParts parts) {
    super(parts.decoder(), parts.encoder(), parts.settings());
    this.limits = parts.limits();
    gracefulShutdownTimeoutMillis(Http2CodecUtil.DEFAULT_GRACEFUL_SHUTDOWN_TIMEOUT_MILLIS);
  }

  /**
   * Told before the connection ends, so that the reason is known. What could not be written because
   * the connection is gone is not told: that it is gone says more.
   */
  @Override
  protected final void onConnectionError(
      ChannelHandlerContext ctx,
      boolean outbound,
      Throwable cause,
      @Nullable Http2Exception specific) {
    boolean peers = specific != null && !outbound;
    if (!peers && !SocketErrors.isLoss(cause)) {
      ctx.fireExceptionCaught(new OwnFaultException(cause));
    } else if (!outbound) {
      ctx.fireExceptionCaught(cause);
    }
    super.onConnectionError(ctx, outbound, cause, specific);
  }

  /**
   * The peer has made us reset a stream once more.
   *
   * @return whether that was too often: then the connection ends
   */
  final boolean isProvoked(ChannelHandlerContext ctx) {
    long now = System.nanoTime();
    if (now - resetsNanos >= RESET_NANOS) {
      resetsNanos = now;
      resets = 0;
    }
    resets++;
    if (resets <= HttpCodecs.MAX_RESETS) {
      return false;
    }
    Http2Exception calm =
        Http2Exception.connectionError(
            Http2Error.ENHANCE_YOUR_CALM, "too many frames that end their streams");
    onConnectionError(ctx, false, calm, calm);
    return true;
  }

  @Override
  public ChannelFuture resetStream(
      ChannelHandlerContext ctx, int id, long errorCode, ChannelPromise promise) {
    Http2Stream stream = connection().stream(id);
    if (stream != null && !stream.isResetSent()) {
      limits.onResetSent();
    }
    return super.resetStream(ctx, id, errorCode, promise);
  }

  /**
   * Writes a part of a body, and its trailers; the stream is open.
   *
   * @param content the codec's from now on
   */
  public final void writeContent(ChannelHandlerContext ctx, int id, HttpContent content) {
    boolean last = content instanceof LastHttpContent;
    boolean trailers = content instanceof LastHttpContent end && !end.trailingHeaders().isEmpty();
    if (content.content().isReadable() || !trailers) {
      encoder().writeData(ctx, id, content.content(), 0, last && !trailers, ctx.newPromise());
    } else {
      content.release();
    }
    if (trailers) {
      LastHttpContent end = (LastHttpContent) content;
      encoder()
          .writeHeaders(
              ctx,
              id,
              HttpConversionUtil.toHttp2Headers(end.trailingHeaders(), true),
              0,
              true,
              ctx.newPromise());
    }
  }

  /**
   * What was read of a stream has been handed on; nothing, when it is over.
   *
   * @param bytes of its window
   * @return whether the peer is told, with the next flush
   */
  public final boolean consume(ChannelHandlerContext ctx, Http2Stream stream, int bytes) {
    if (bytes == 0) {
      return false;
    }
    try {
      return connection().local().flowController().consumeBytes(stream, bytes);
    } catch (Http2Exception e) {
      onError(ctx, true, e);
      return false;
    }
  }
}
