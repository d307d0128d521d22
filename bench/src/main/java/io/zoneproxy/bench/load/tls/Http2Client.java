package io.zoneproxy.bench.load.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.util.List;
import java.util.Objects;

/** HTTP/2: some streams at a time. Frames are read by Netty's reader and written by hand. */
final class Http2Client extends HttpClient {
  /** Of one connection at a time. */
  static final int STREAMS = 10;

  private static final int END_STREAM_AND_HEADERS = 0x5; // flags, RFC 9113 §6.2
  private static final int ACK = 0x1;
  private static final int PING_BYTES = 8;

  /** The connection's window, about the most there is: it is told again after half of it. */
  private static final int WINDOW_BYTES = 1 << 30;

  private final List<ByteBuf> blocks;
  private final int answerBytes;
  private final DefaultHttp2FrameReader reader = new DefaultHttp2FrameReader(false);
  private final Listener listener = new Listener();
  private final IntObjectMap<Stream> streams = new IntObjectHashMap<>();
  private int lastStream = -1;
  private long windowUsed;
  private boolean unflushed;

  /** One request. */
  private static final class Stream {
    private final long dueNanos;
    private int got;
    private boolean headed;

    Stream(long dueNanos) {
      this.dueNanos = dueNanos;
    }
  }

  /**
   * Connects nothing yet.
   *
   * @param blocks of {@link Requests#http2}
   * @param answerBytes length of each body
   */
  Http2Client(Owner owner, List<ByteBuf> blocks, int answerBytes) {
    super(owner);
    this.blocks = blocks;
    this.answerBytes = answerBytes;
  }

  @Override
  void secured(ChannelHandlerContext ctx) {
    ctx.write(Http2CodecUtil.connectionPrefaceBuf());
    ctx.write(frame(Http2FrameTypes.SETTINGS, 0, 0, 0));
    widen(ctx);
    ctx.flush();
    ready();
  }

  private static void widen(ChannelHandlerContext ctx) {
    ByteBuf update = Http2Client.frame(Http2FrameTypes.WINDOW_UPDATE, 0, 0, Integer.BYTES);
    ctx.write(update.writeInt(WINDOW_BYTES));
  }

  private static ByteBuf frame(byte type, int flags, int stream, int length) {
    return io.netty.buffer.PooledByteBufAllocator.DEFAULT
        .directBuffer(Http2CodecUtil.FRAME_HEADER_LENGTH + length)
        .writeMedium(length)
        .writeByte(type)
        .writeByte(flags)
        .writeInt(stream);
  }

  /** Those that follow from one read go out together. */
  @Override
  void request(long due) {
    lastStream += 2; // a client's are odd
    ByteBuf block = blocks.get(lastStream == 1 ? 0 : 1);
    streams.put(lastStream, new Stream(due));
    context()
        .write(
            frame(
                    Http2FrameTypes.HEADERS,
                    END_STREAM_AND_HEADERS,
                    lastStream,
                    block.readableBytes())
                .writeBytes(block, block.readerIndex(), block.readableBytes()),
            context().voidPromise());
    unflushed = true;
    if (!reading) {
      flushed();
    }
  }

  private boolean reading;

  private void flushed() {
    if (unflushed) {
      unflushed = false;
      context().flush();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    reading = true;
    super.channelRead(ctx, message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    reading = false;
    flushed();
    super.channelReadComplete(ctx);
  }

  @Override
  int open() {
    return streams.size();
  }

  @Override
  int most() {
    return STREAMS;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out)
      throws Http2Exception {
    reader.readFrame(ctx, in, listener);
  }

  private final class Listener extends Http2FrameAdapter {
    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) {
      ctx.write(frame(Http2FrameTypes.SETTINGS, ACK, 0, 0));
      unflushed = true;
    }

    @Override
    public void onPingRead(ChannelHandlerContext ctx, long data) {
      ctx.write(frame(Http2FrameTypes.PING, ACK, 0, PING_BYTES).writeLong(data));
      unflushed = true;
    }

    @Override
    public void onHeadersRead(
        ChannelHandlerContext ctx, int id, Http2Headers headers, int padding, boolean end) {
      Stream stream = streams.get(id);
      if (stream == null || stream.headed || !"200".contentEquals(status(headers))) {
        fault("answer on stream " + id + ": " + headers);
        return;
      }
      stream.headed = true;
      if (end) {
        ended(id, stream);
      }
    }

    private CharSequence status(Http2Headers headers) {
      CharSequence status = headers.status();
      return status == null ? "none" : status;
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
        boolean end) {
      onHeadersRead(ctx, id, headers, padding, end);
    }

    @Override
    public int onDataRead(
        ChannelHandlerContext ctx, int id, ByteBuf data, int padding, boolean end) {
      int length = data.readableBytes();
      Stream stream = streams.get(id);
      if (stream == null
          || stream.got + length > answerBytes
          || !Answer.isRight(data, data.readerIndex(), length, stream.got)) {
        fault("DATA of " + length + " bytes on stream " + id + " differs");
        return length;
      }
      stream.got += length;
      windowUsed += length;
      if (windowUsed > WINDOW_BYTES / 2) {
        windowUsed -= WINDOW_BYTES;
        widen(ctx);
      }
      if (end) {
        ended(id, stream);
      }
      return length;
    }

    private void ended(int id, Stream stream) {
      if (stream.got != answerBytes) {
        fault("answer of " + stream.got + " bytes on stream " + id);
        return;
      }
      streams.remove(id);
      owner.onAnswer(Http2Client.this, Objects.requireNonNull(stream).dueNanos);
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext ctx, int id, long code) {
      fault("RST_STREAM " + code + " on stream " + id);
    }

    @Override
    public void onGoAwayRead(ChannelHandlerContext ctx, int last, long code, ByteBuf text) {
      fault("GOAWAY " + code);
    }
  }
}
