package io.zoneproxy.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

/**
 * The bytes that go over the wire: each depends on its position in its stream, so that a lost,
 * doubled or moved piece is seen. Memory outside the heap.
 */
public final class Content {
  /** A prime number of words: blocks of any power of two differ from their neighbours. */
  private static final int PERIOD_WORDS = 16_411;

  static final int PERIOD_BYTES = PERIOD_WORDS * Long.BYTES;

  /** At most so much is sent or checked at once; a socket's buffer on loopback holds a few. */
  public static final int MAX_CHUNK_BYTES = 128 * 1024;

  /** Bulk is looked at once a page: a proxy moves pages or buffers of at least that. */
  private static final int SAMPLE_BYTES = 4096;

  private final ByteBuf memory = Unpooled.directBuffer(PERIOD_BYTES + MAX_CHUNK_BYTES);
  private final ByteBuffer bytes;

  Content() {
    bytes = memory.nioBuffer(0, memory.capacity()).order(ByteOrder.nativeOrder());
    SplittableRandom random = new SplittableRandom(1);
    for (int at = 0; at < PERIOD_BYTES; at += Long.BYTES) {
      bytes.putLong(at, random.nextLong());
    }
    bytes.put(PERIOD_BYTES, bytes, 0, MAX_CHUNK_BYTES); // so that a chunk never wraps
  }

  /** Where {@link #MAX_CHUNK_BYTES} bytes of the stream's content lie from this position on. */
  long address(long position) {
    return memory.memoryAddress() + offset(position);
  }

  /**
   * Content to be sent: a piece of this memory, which is not copied.
   *
   * @param length at most {@link #MAX_CHUNK_BYTES}
   */
  public ByteBuf piece(long position, int length) {
    return memory.retainedSlice(offset(position), length);
  }

  /** Copies content to where a message is built. */
  void copy(long position, ByteBuffer to, int length) {
    to.put(bytes.slice(offset(position), length));
  }

  /**
   * Compares every byte.
   *
   * @param length at most {@link #MAX_CHUNK_BYTES}
   */
  boolean equal(ByteBuffer got, int from, int length, long position) {
    return got.slice(from, length).mismatch(bytes.slice(offset(position), length)) < 0;
  }

  /**
   * Compares the first and the last word, and one of each page: what bulk can afford.
   *
   * @param got in native byte order
   * @param length at most {@link #MAX_CHUNK_BYTES}
   */
  public boolean sampleEqual(ByteBuffer got, int from, int length, long position) {
    if (length < Long.BYTES) {
      return equal(got, from, length, position);
    }
    int offset = offset(position);
    int last = length - Long.BYTES;
    for (int at = 0; at < last; at += SAMPLE_BYTES) {
      if (got.getLong(from + at) != bytes.getLong(offset + at)) {
        return false;
      }
    }
    return got.getLong(from + last) == bytes.getLong(offset + last);
  }

  /** Gives the memory back. */
  void release() {
    memory.release();
  }

  private static int offset(long position) {
    return (int) (position % PERIOD_BYTES);
  }
}
