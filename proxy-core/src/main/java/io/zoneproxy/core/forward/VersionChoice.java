package io.zoneproxy.core.forward;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.zoneproxy.core.forward.codec.HttpCodecs;
import io.zoneproxy.core.forward.limit.Limits;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.relay.End;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells HTTP/2 from HTTP/1.1 by its preface, whatever ALPN says: sidecars offer neither. On the
 * event loop.
 */
final class VersionChoice extends ByteToMessageDecoder {
  private final Caller caller;
  private @Nullable Future<?> deadline;

  VersionChoice(Caller caller) {
    this.caller = caller;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    Duration idle = caller.chain().spec().timeouts().idle().orElse(Limits.IDLE);
    if (!idle.isZero()) { // zero is never
      deadline =
          ctx.executor()
              .schedule(
                  () -> {
                    caller.chain().stats().connections.idleTimeout.increment();
                    caller.owner().end(CloseReason.IDLE, "no request", End.FIN);
                  },
                  idle.toMillis(),
                  TimeUnit.MILLISECONDS);
    }
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext ctx) {
    stopWaiting();
  }

  private void stopWaiting() {
    Future<?> pending = deadline;
    if (pending != null) {
      deadline = null;
      pending.cancel(false);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    if (event == HttpEngine.DRAIN) {
      caller.owner().end(CloseReason.DONE, "", End.FIN); // it has not asked for anything
    } else {
      super.userEventTriggered(ctx, event);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    stopWaiting();
    super.channelInactive(ctx);
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    ByteBuf preface = Http2CodecUtil.connectionPrefaceBuf();
    try {
      int seen = Math.min(in.readableBytes(), preface.readableBytes());
      boolean same =
          in.slice(in.readerIndex(), seen).equals(preface.slice(preface.readerIndex(), seen));
      if (!same) {
        http1(ctx);
      } else if (seen == preface.readableBytes()) {
        ConnectionTally.of(ctx.channel()).speaksHttp2();
        Http2Connections.addTo(ctx.channel(), caller);
        ctx.pipeline().remove(this); // hands on what it has read
      }
    } finally {
      preface.release();
    }
  }

  private void http1(ChannelHandlerContext ctx) {
    Channel channel = ctx.channel();
    ConnectionTally.of(channel).speaksHttp1();
    channel.pipeline().addLast(HttpCodecs.http1Server());
    channel.pipeline().addLast(new Http1Downstream(caller));
    ctx.pipeline().remove(this);
  }
}
