package io.zoneproxy.core.forward.codec;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2Settings;

/** HTTP/2 with a downstream. */
public final class Http2Server extends Http2Codec {
  private final RecentResets ours = new RecentResets();

  private Http2Server(CodecParts parts) {
    super(parts);
  }

  /** With the limits that a server needs. */
  static Http2Server tellingOf(Http2FrameListener listener, Http2Settings settings) {
    return new Http2Server(CodecParts.of(true, settings, listener));
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
    if (isProvoked(ctx)) {
      return;
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
}
