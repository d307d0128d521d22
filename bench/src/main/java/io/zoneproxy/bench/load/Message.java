package io.zoneproxy.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;

/** What a client sends again and again, built once. Memory outside the heap. */
final class Message implements AutoCloseable {
  private final ByteBuf memory;

  private Message(ByteBuffer built) {
    memory = Unpooled.directBuffer(built.remaining()).writeBytes(built);
  }

  /**
   * A request with its padding.
   *
   * @param before what stands before it, such as a ClientHello
   */
  static Message of(byte[] before, Request request, Content content) {
    ByteBuffer built =
        ByteBuffer.allocate(before.length + Request.HEADER_BYTES + request.paddingBytes());
    built.put(before);
    request.encode(built);
    content.copy(0, built, request.paddingBytes());
    return new Message(built.flip());
  }

  /** Where byte {@code offset} lies. */
  long address(int offset) {
    return memory.memoryAddress() + offset;
  }

  int bytes() {
    return memory.readableBytes();
  }

  @Override
  public void close() {
    memory.release();
  }
}
