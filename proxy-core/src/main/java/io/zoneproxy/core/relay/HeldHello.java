package io.zoneproxy.core.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * What a downstream sent before an upstream was there. It is kept until the upstream's first byte,
 * so that it can be sent again to another endpoint. Owns its buffer.
 */
public final class HeldHello {
  private final int helloBytes;
  private ByteBuf received;
  private int counted;

  /**
   * @param received owned by this from now on
   * @param helloBytes how much of it is the ClientHello
   */
  public HeldHello(ByteBuf received, int helloBytes) {
    this.received = received;
    this.helloBytes = helloBytes;
  }

  /** Whether it may be sent to another endpoint: early data must not be. */
  public boolean isOnlyHello() {
    return received.readableBytes() == helloBytes;
  }

  /** Takes over the buffer. */
  public void append(ByteBuf more) {
    received = Unpooled.wrappedBuffer(received, more);
  }

  /** A view for one sending, to be released by whoever sends it. */
  public ByteBuf copy() {
    return received.retainedDuplicate();
  }

  /** Bytes to be counted for the downstream: those that were counted before are not. */
  public int uncounted() {
    int bytes = received.readableBytes() - counted;
    counted += bytes;
    return bytes;
  }

  /** Lets go of it; nothing else may be called then. */
  public void release() {
    received.release();
  }
}
