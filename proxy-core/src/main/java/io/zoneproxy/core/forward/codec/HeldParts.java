package io.zoneproxy.core.forward.codec;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Parts of a body over HTTP/2 that wait: at most a window of the stream, for what is here is not
 * given back to the sender. Owns them. On the event loop of the stream.
 */
public final class HeldParts {
  /**
   * Smaller parts are copied together, into blocks of this many bytes: windows count bytes, and a
   * frame of one takes a hundred as an object, beside the buffer it was read into.
   */
  private static final int SMALL_BYTES = 1024;

  /** Small parts that one read may bring before the next ones are put together. */
  private static final int FEW = 16;

  private final Deque<Held> held = new ArrayDeque<>(0);
  private int small; // since the last end of reading

  /**
   * A part that has waited.
   *
   * @param part the taker's
   * @param windowBytes that the sender may send again when it has been handed on
   */
  public record Held(HttpContent part, int windowBytes) {
    /** Whether this is a block that takes more; what was read is full: a slice of it. */
    private boolean hasRoom(int bytes) {
      return !(part instanceof LastHttpContent) && part.content().isWritable(bytes);
    }
  }

  /**
   * Whether a part that is wanted waits all the same, for the end of reading: behind others, or
   * because there were so many small ones.
   */
  public boolean gathers(HttpContent part) {
    if (part.content().readableBytes() < SMALL_BYTES) {
      small++;
    }
    return !held.isEmpty() || small > FEW;
  }

  /** Adds a part, which is this one's from now on. */
  public void add(HttpContent part, int windowBytes, ByteBufAllocator buffers) {
    int size = part.content().readableBytes();
    if (size >= SMALL_BYTES || part instanceof LastHttpContent) {
      held.add(new Held(part, windowBytes));
      return;
    }
    Held block = held.peekLast();
    if (block == null || !block.hasRoom(size)) {
      block = new Held(new DefaultHttpContent(buffers.buffer(SMALL_BYTES)), 0);
    } else {
      held.removeLast();
    }
    block.part().content().writeBytes(part.content());
    part.release();
    held.add(new Held(block.part(), block.windowBytes() + windowBytes));
  }

  public boolean isEmpty() {
    return held.isEmpty();
  }

  /** The next one; null for none. */
  public @Nullable Held poll() {
    return held.poll();
  }

  /** What was read is all for now. */
  public void onReadComplete() {
    small = 0;
  }

  /** Nobody wants them any more. */
  public void release() {
    held.forEach(one -> one.part().release());
    held.clear();
  }
}
