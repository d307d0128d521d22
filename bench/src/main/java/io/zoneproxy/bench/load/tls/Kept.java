package io.zoneproxy.bench.load.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;

/** Bytes that are made once and sent again and again: nobody releases them. */
final class Kept {
  private Kept() {}

  /** In direct memory that no allocator owns, so that none reports it as lost. */
  static ByteBuf of(byte[] bytes) {
    ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    return Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(direct).asReadOnly());
  }

  /** What is in a buffer, which is released. */
  static ByteBuf of(ByteBuf buffer) {
    byte[] bytes = new byte[buffer.readableBytes()];
    buffer.readBytes(bytes).release();
    return of(bytes);
  }
}
