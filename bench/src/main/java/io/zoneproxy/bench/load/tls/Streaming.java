package io.zoneproxy.bench.load.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.zoneproxy.bench.load.Content;
import io.zoneproxy.bench.load.LoadLoop;
import java.nio.ByteOrder;

/** One end of a stream without end: it sends or checks the content. On the loop's thread. */
final class Streaming {
  /** What a client says first: which end sends. */
  static final byte DOWN = 'd';

  static final byte UP = 'u';

  private static final int PIECE_BYTES = 64 * 1024; // as a file's reader would write it

  private final LoadLoop loop;
  private long position;

  Streaming(LoadLoop loop) {
    this.loop = loop;
  }

  /** Bytes sent or checked. */
  long bytes() {
    return position;
  }

  /** Sends until the channel takes no more. */
  void send(ChannelHandlerContext ctx) {
    while (ctx.channel().isActive() && ctx.channel().isWritable()) {
      ctx.write(loop.content().piece(position, PIECE_BYTES), ctx.voidPromise());
      position += PIECE_BYTES;
      ctx.flush();
    }
  }

  /** Checks what came: the first and last word of each piece, and one of each page. */
  void check(ByteBuf bytes) {
    int from = bytes.readerIndex();
    int left = bytes.readableBytes();
    while (left > 0) {
      int length = Math.min(left, Content.MAX_CHUNK_BYTES);
      if (!loop.content()
          .sampleEqual(
              bytes.nioBuffer(from, length).order(ByteOrder.nativeOrder()), 0, length, position)) {
        throw new IllegalArgumentException("a stream differs behind byte " + position);
      }
      position += length;
      from += length;
      left -= length;
    }
  }
}
