package io.zoneproxy.core.forward.codec;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameReader;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.zoneproxy.core.forward.limit.FrameLimits;
import org.jspecify.annotations.Nullable;

/**
 * Counts frames before anything is done with them: what Netty's decoder leaves out, because its
 * stream is over, no listener behind it would see. On the event loop.
 */
final class LimitedReader implements Http2FrameReader {
  private final Http2FrameReader reader;
  private final Http2Connection connection;
  private final FrameLimits limits;
  private final LimitedWriter writer;
  private @Nullable Counting counting; // Netty changes its listener once, after the preface

  LimitedReader(
      Http2FrameReader reader,
      Http2Connection connection,
      FrameLimits limits,
      LimitedWriter writer) {
    this.reader = reader;
    this.connection = connection;
    this.limits = limits;
    this.writer = writer;
  }

  @Override
  public void readFrame(ChannelHandlerContext ctx, ByteBuf input, Http2FrameListener listener)
      throws Http2Exception {
    Counting told = counting;
    if (told == null || told.next != listener) {
      told = new Counting(listener);
      counting = told;
    }
    reader.readFrame(ctx, input, told);
  }

  @Override
  public Configuration configuration() {
    return reader.configuration();
  }

  @Override
  public void close() {
    reader.close();
  }

  private static void check(boolean tooMany, String what) throws Http2Exception {
    if (tooMany) {
      throw Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "too many %s", what);
    }
  }

  /** As Netty does, tries once whether the peer reads after all. */
  private void checkQueued(ChannelHandlerContext ctx) throws Http2Exception {
    if (writer.queued() >= HttpCodecs.MAX_QUEUED_CONTROL) {
      ctx.flush();
      check(writer.queued() >= HttpCodecs.MAX_QUEUED_CONTROL, "answers that are not read");
    }
  }

  private void control(ChannelHandlerContext ctx, String what) throws Http2Exception {
    check(limits.onControl(), what);
    checkQueued(ctx);
  }

  private boolean isOver(int id) {
    Http2Stream stream = connection.stream(id);
    return stream == null ? connection.streamMayHaveExisted(id) : stream.isResetSent();
  }

  private long streams() {
    int last =
        Math.max(connection.local().lastStreamCreated(), connection.remote().lastStreamCreated());
    return (last + 1L) / 2; // every other number is one of the peer's, or of ours
  }

  private void head(ChannelHandlerContext ctx, int id) throws Http2Exception {
    if (isOver(id)) {
      check(limits.onLeftoverHead(), "HEADERS for streams that are over");
      checkQueued(ctx);
    } else {
      limits.onHead();
    }
  }

  private final class Counting implements Http2FrameListener {
    private final Http2FrameListener next;

    Counting(Http2FrameListener next) {
      this.next = next;
    }

    @Override
    public int onDataRead(ChannelHandlerContext ctx, int id, ByteBuf data, int padding, boolean end)
        throws Http2Exception {
      check(limits.onData(end || data.isReadable()), "DATA without content");
      if (isOver(id)) {
        check(limits.onLeftover(data.readableBytes() + padding), "DATA for streams that are over");
        checkQueued(ctx);
      }
      return next.onDataRead(ctx, id, data, padding, end);
    }

    @Override
    public void onHeadersRead(
        ChannelHandlerContext ctx, int id, Http2Headers headers, int padding, boolean end)
        throws Http2Exception {
      head(ctx, id);
      next.onHeadersRead(ctx, id, headers, padding, end);
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
      head(ctx, id);
      next.onHeadersRead(ctx, id, headers, dependency, weight, exclusive, padding, end);
    }

    @Override
    public void onPriorityRead(
        ChannelHandlerContext ctx, int id, int dependency, short weight, boolean exclusive)
        throws Http2Exception {
      check(limits.onPriority(streams()), "PRIORITY");
      next.onPriorityRead(ctx, id, dependency, weight, exclusive);
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext ctx, int id, long errorCode)
        throws Http2Exception {
      if (isOver(id)) {
        control(ctx, "RST_STREAM for streams that are over");
      }
      next.onRstStreamRead(ctx, id, errorCode);
    }

    @Override
    public void onSettingsAckRead(ChannelHandlerContext ctx) throws Http2Exception {
      control(ctx, "SETTINGS");
      next.onSettingsAckRead(ctx);
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings)
        throws Http2Exception {
      control(ctx, "SETTINGS");
      next.onSettingsRead(ctx, settings);
    }

    @Override
    public void onPingRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
      control(ctx, "PING");
      next.onPingRead(ctx, data);
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
      control(ctx, "PING");
      next.onPingAckRead(ctx, data);
    }

    @Override
    public void onPushPromiseRead(
        ChannelHandlerContext ctx, int id, int promised, Http2Headers headers, int padding)
        throws Http2Exception {
      control(ctx, "PUSH_PROMISE");
      next.onPushPromiseRead(ctx, id, promised, headers, padding);
    }

    @Override
    public void onGoAwayRead(
        ChannelHandlerContext ctx, int lastStream, long errorCode, ByteBuf debugData)
        throws Http2Exception {
      control(ctx, "GOAWAY");
      next.onGoAwayRead(ctx, lastStream, errorCode, debugData);
    }

    @Override
    public void onWindowUpdateRead(ChannelHandlerContext ctx, int id, int increment)
        throws Http2Exception {
      check(limits.onWindowUpdate(streams()), "WINDOW_UPDATE");
      next.onWindowUpdateRead(ctx, id, increment);
    }

    @Override
    public void onUnknownFrame(
        ChannelHandlerContext ctx, byte type, int id, Http2Flags flags, ByteBuf payload)
        throws Http2Exception {
      control(ctx, "frames of unknown types");
      next.onUnknownFrame(ctx, type, id, flags, payload);
    }
  }
}
