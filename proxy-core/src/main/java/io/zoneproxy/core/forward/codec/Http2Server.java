package io.zoneproxy.core.forward.codec;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2Settings;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/2 with a downstream: streams are told to a listener. Netty's channel for each stream, with a
 * pipeline of its own, would be half of what a small request costs.
 */
public final class Http2Server extends Http2ConnectionHandler {
  private final RecentResets ours = new RecentResets();

  private Http2Server(
      Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
    super(decoder, encoder, settings);
  }

  /** Told before the connection ends, so that the reason is known. */
  @Override
  protected void onConnectionError(
      ChannelHandlerContext ctx,
      boolean outbound,
      Throwable cause,
      @Nullable Http2Exception specific) {
    if (!outbound) {
      ctx.fireExceptionCaught(cause);
    }
    super.onConnectionError(ctx, outbound, cause, specific);
  }

  /** A request that is none ends its stream and no other. */
  @Override
  protected void onStreamError(
      ChannelHandlerContext ctx,
      boolean outbound,
      Throwable cause,
      Http2Exception.StreamException specific) {
    int id = specific.streamId();
    if (specific.error() == Http2Error.STREAM_CLOSED && ours.contains(id)) {
      return; // sent before our reset was seen (RFC 9113 §5.4.2)
    }
    try {
      if (!outbound && !connection().streamMayHaveExisted(id)) {
        begin(id);
      }
    } catch (Http2Exception e) {
      if (!Http2Exception.isStreamError(e)) {
        onConnectionError(ctx, false, e, e);
        return;
      }
    }
    super.onStreamError(ctx, outbound, cause, specific);
  }

  /**
   * A request that is refused for its head exists all the same: Netty forgets it, and would take
   * the body that follows for a fault of the whole connection.
   */
  private void begin(int id) throws Http2Exception {
    Http2Connection.Endpoint<?> peer = connection().remote();
    int most = peer.maxActiveStreams();
    peer.maxActiveStreams(Integer.MAX_VALUE); // it may be refused because there are too many
    try {
      peer.createStream(id, false); // is reset next
    } finally {
      peer.maxActiveStreams(most);
    }
  }

  @Override
  public ChannelFuture resetStream(
      ChannelHandlerContext ctx, int id, long errorCode, ChannelPromise promise) {
    ours.add(id);
    return super.resetStream(ctx, id, errorCode, promise);
  }

  /** With the limits that a server needs. */
  static Http2Server tellingOf(Http2FrameListener listener, Http2Settings settings) {
    return new Builder(listener, settings).build();
  }

  private static final class Builder
      extends AbstractHttp2ConnectionHandlerBuilder<Http2Server, Builder> {
    Builder(Http2FrameListener listener, Http2Settings settings) {
      server(true);
      frameListener(listener);
      initialSettings(settings);
      validateHeaders(true);
      validateRequiredPseudoHeaders(true);
      decoderEnforceMaxRstFramesPerWindow(0, 0); // whoever serves the streams counts them
      encoderEnforceMaxRstFramesPerWindow(HttpCodecs.MAX_RESETS, HttpCodecs.RESET_SECONDS);
      decoderEnforceMaxConsecutiveEmptyDataFrames(HttpCodecs.MAX_EMPTY_DATA);
      decoderEnforceMaxSmallContinuationFrames(HttpCodecs.MAX_SMALL_CONTINUATIONS);
      encoderEnforceMaxQueuedControlFrames(HttpCodecs.MAX_QUEUED_CONTROL);
    }

    @Override
    protected Http2Server build() {
      return super.build();
    }

    @Override
    protected Http2Server build(
        Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
      return new Http2Server(decoder, encoder, settings);
    }
  }
}
