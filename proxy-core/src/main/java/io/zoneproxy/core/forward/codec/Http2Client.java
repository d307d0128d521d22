package io.zoneproxy.core.forward.codec;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;

/** HTTP/2 with an upstream. */
public final class Http2Client extends Http2Codec {
  /** Hears of streams, and of what is wrong with one of them. */
  public interface Listener extends Http2FrameListener {
    /**
     * The stream is reset next.
     *
     * @param ours whether it is something of ours that could not be sent
     */
    void onFault(Http2Stream stream, Http2Exception fault, boolean ours);
  }

  private final Listener listener;

  private Http2Client(CodecParts parts, Listener listener) {
    super(parts);
    this.listener = listener;
  }

  /** With the limits that a client needs. */
  static Http2Client tellingOf(Listener listener, Http2Settings settings) {
    return new Http2Client(CodecParts.of(false, settings, listener), listener);
  }

  /** An answer that is none ends its stream and no other. */
  @Override
  protected void onStreamError(
      ChannelHandlerContext ctx,
      boolean outbound,
      Throwable cause,
      Http2Exception.StreamException specific) {
    Http2Stream stream = connection().stream(specific.streamId());
    if (stream != null && !stream.isResetSent()) {
      listener.onFault(stream, specific, outbound);
    } else if (specific.error() == Http2Error.STREAM_CLOSED || (!outbound && isProvoked(ctx))) {
      return; // mostly sent before our reset was seen; how much of it there may be is limited
    }
    super.onStreamError(ctx, outbound, cause, specific);
  }
}
