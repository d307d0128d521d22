package io.zoneproxy.core.forward.codec;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DecoratingHttp2FrameWriter;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2FrameWriter;
import io.zoneproxy.core.forward.limit.FrameLimits;

/** Counts answers and resets that have not left yet, whoever caused them. On the event loop. */
final class LimitedWriter extends DecoratingHttp2FrameWriter {
  private final FrameLimits limits;
  private int queued;
  private final ChannelFutureListener gone = future -> queued--;

  LimitedWriter(Http2FrameWriter writer, FrameLimits limits) {
    super(writer);
    this.limits = limits;
  }

  /** Answers and resets that wait for the peer to read. */
  int queued() {
    return queued;
  }

  private ChannelPromise counted(ChannelPromise promise) {
    queued++;
    return promise.unvoid().addListener(gone);
  }

  @Override
  public ChannelFuture writeRstStream(
      ChannelHandlerContext ctx, int id, long errorCode, ChannelPromise promise) {
    return super.writeRstStream(ctx, id, errorCode, counted(promise));
  }

  @Override
  public ChannelFuture writeSettingsAck(ChannelHandlerContext ctx, ChannelPromise promise) {
    return super.writeSettingsAck(ctx, counted(promise));
  }

  @Override
  public ChannelFuture writePing(
      ChannelHandlerContext ctx, boolean ack, long data, ChannelPromise promise) {
    return super.writePing(ctx, ack, data, counted(promise));
  }

  @Override
  public ChannelFuture writeData(
      ChannelHandlerContext ctx,
      int id,
      ByteBuf data,
      int padding,
      boolean end,
      ChannelPromise promise) {
    limits.onDataSent(1 + data.readableBytes() / Http2CodecUtil.DEFAULT_MAX_FRAME_SIZE);
    return super.writeData(ctx, id, data, padding, end, promise);
  }
}
