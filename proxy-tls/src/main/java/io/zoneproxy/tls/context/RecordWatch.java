package io.zoneproxy.tls.context;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;

/**
 * Stands before the TLS handler and follows the records of the peer. When the connection is to
 * outlive the peer's end, an alert of TLS 1.2, whose type is not encrypted, is kept from the TLS
 * handler and said as the end of the input: BoringSSL as Netty drives it would end both directions.
 * It cannot be told which alert it is; after any that is sent then, nothing comes. In TLS 1.3 it
 * looks as data does, and passes. Buffers are passed on, or released. On the event loop.
 */
final class RecordWatch extends ChannelInboundHandlerAdapter {
  private static final int ALERT = 21; // RFC 5246 §6.2.1
  private static final int HEADER_BYTES = 5; // type, version, length
  private static final int LENGTH_AT = 3;

  private int header; // bytes of the record's header that have come
  private int body; // bytes of its body that have not
  private boolean keeping;
  private boolean ended;

  /** From now on the peer's end is its own alone. */
  void keep() {
    keeping = true;
  }

  /** Whether anybody wants it; else it can go. */
  boolean isWanted() {
    return keeping;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    if (ended) {
      bytes.release(); // said already
      return;
    }
    int at = bytes.readerIndex();
    while (at < bytes.writerIndex() && !ended) {
      if (header == 0 && bytes.getByte(at) == ALERT) {
        pass(ctx, bytes, at); // that may be what ends the handshake
        ended = keeping;
      }
      at = advance(bytes, at);
    }
    if (ended) {
      bytes.release();
      ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    } else if (bytes.isReadable()) {
      ctx.fireChannelRead(bytes);
    } else {
      bytes.release();
    }
  }

  private static void pass(ChannelHandlerContext ctx, ByteBuf bytes, int end) {
    int length = end - bytes.readerIndex();
    if (length > 0) {
      ctx.fireChannelRead(bytes.readRetainedSlice(length));
    }
  }

  /** Goes on by one byte of a header, or by what is there of a body. */
  private int advance(ByteBuf bytes, int at) {
    if (header < HEADER_BYTES) {
      if (header >= LENGTH_AT) {
        body = (body << Byte.SIZE) | bytes.getUnsignedByte(at);
      }
      header++;
      endRecord();
      return at + 1;
    }
    int some = Math.min(body, bytes.writerIndex() - at);
    body -= some;
    endRecord();
    return at + some;
  }

  private void endRecord() {
    if (header == HEADER_BYTES && body == 0) {
      header = 0;
    }
  }
}
