package io.zoneproxy.core.relay.epoll;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * One way of a connection: bytes from one half to the other. Small traffic is copied through the
 * loop's buffer; bulk is spliced through a pipe and never seen by the process.
 *
 * <p>Always true between two calls:
 *
 * <ul>
 *   <li>What was read and not yet sent is either {@link #held} or in the {@link #pipe}, never both.
 *   <li>While there is any of it, nothing more is read: that is the back-pressure.
 *   <li>A pipe is kept only while it has bytes.
 *   <li>Nothing is read at all when the other half takes nothing.
 *   <li>If a read or a write could still make progress, the last {@link #pump} asked epoll to say
 *       so once more: of itself it does not repeat what it has said.
 * </ul>
 */
final class Direction {
  /** Why {@link #pump} stopped. */
  enum Outcome {
    /** An event will tell when there is more to do. */
    WAITING,
    /** The source has sent FIN, and all before it is delivered. */
    EOF,
    /** The source's {@link Half#failure} says why. */
    SOURCE_FAILED,
    /** The sink's {@link Half#failure} says why. */
    SINK_FAILED
  }

  /** About what a core relays in 1 ms by splicing: for so long others on the loop may wait. */
  static final int TURN_BYTES = 4 * 1024 * 1024;

  // When to change between copying and splicing is judged by what one readiness brought, from the
  // event to the last byte there was: single calls vary too much. Below 16 KiB splice(2) only
  // costs; 256 KiB at once is a bulk transfer for certain.
  private static final int MUCH = 256 * 1024;
  private static final int LITTLE = 16 * 1024;
  private static final int MORE_THAN_A_LITTLE_IN_A_ROW = 4;
  private static final int LITTLE_IN_A_ROW = 16;

  private final RelayLoop shared;
  private final Half source;
  private final Half sink;
  private final Relaying owner;

  private @Nullable ByteBuf held;
  private @Nullable KernelPipe pipe;
  private boolean splicing;
  private int brought; // by the readiness that is being used up
  private int inARow; // readinesses that spoke for changing

  Direction(RelayLoop shared, Half source, Half sink, Relaying owner) {
    this.shared = shared;
    this.source = source;
    this.sink = sink;
    this.owner = owner;
  }

  Half source() {
    return source;
  }

  Half sink() {
    return sink;
  }

  /** Gives it bytes to send before all others; it owns the buffer from now on. */
  void hold(ByteBuf first) {
    if (first.isReadable()) {
      held = first;
    } else {
      first.release();
    }
  }

  /** Whether something was read that is not sent. */
  boolean holds() {
    return held != null || pipe != null;
  }

  /** Moves bytes until one of the halves, or its share of the loop, is used up. */
  Outcome pump() {
    int left = TURN_BYTES;
    while (true) {
      if (holds() && sink.writable()) {
        sendHeld();
      }
      if (sink.failure() != null) {
        return Outcome.SINK_FAILED;
      }
      if (holds()) {
        return Outcome.WAITING;
      }
      if (source.eof()) {
        return Outcome.EOF;
      }
      if (!source.readable() || !sink.writable()) {
        return Outcome.WAITING;
      }
      // Who has failed, and is read all the same, says its last words: no event would come again.
      if (left > 0 || source.failure() != null) {
        left -= splicing ? splice() : copy();
      } else {
        source.askAgain();
      }
      if (source.failure() != null && !source.readable()) {
        return Outcome.SOURCE_FAILED;
      }
    }
  }

  private void sendHeld() {
    ByteBuf bytes = held;
    if (bytes != null) {
      sink.send(bytes);
      if (!bytes.isReadable()) {
        held = null;
        bytes.release();
      }
    } else {
      drain();
    }
  }

  private int copy() {
    int bytes = source.receive(shared.address(), RelayLoop.BUFFER_BYTES);
    if (bytes > 0) {
      owner.moved(this, bytes);
      int sent = sink.send(shared.address(), bytes);
      if (sent < bytes) {
        ByteBuf rest = ByteBufAllocator.DEFAULT.directBuffer(bytes - sent);
        held = rest.writeBytes(shared.received(bytes), sent, bytes - sent);
      }
    }
    judge(bytes);
    return bytes;
  }

  private int splice() {
    KernelPipe through = shared.pipes().borrow();
    if (through == null) {
      splicing = false;
      return copy();
    }
    int bytes = source.spliceTo(through);
    if (bytes == 0) {
      shared.pipes().giveBack(through);
      // After a hang-up splice does not tell EOF from nothing there; a read does.
      return source.readable() ? copy() : judge(0);
    }
    pipe = through;
    through.put(bytes);
    owner.moved(this, bytes);
    drain();
    return judge(bytes);
  }

  private void drain() {
    KernelPipe through = pipe;
    if (through != null) {
      through.took(sink.spliceFrom(through));
      if (through.bytes() == 0) {
        pipe = null;
        shared.pipes().giveBack(through);
      }
    }
  }

  /** Changes between copying and splicing. */
  private int judge(int bytes) {
    brought = Math.min(brought + bytes, MUCH); // more makes no difference
    if (!splicing && brought >= MUCH) {
      change(true);
    } else if (!source.readable() && brought > 0) { // who brought nothing says nothing
      boolean little = brought < LITTLE;
      inARow = little == splicing ? inARow + 1 : 0;
      if (inARow >= (splicing ? LITTLE_IN_A_ROW : MORE_THAN_A_LITTLE_IN_A_ROW)) {
        change(!splicing);
      }
      brought = 0;
    }
    return bytes;
  }

  private void change(boolean toSplicing) {
    splicing = toSplicing;
    inARow = 0;
    brought = 0;
  }

  /** Lets go of what was not sent. */
  void close() {
    ByteBuf bytes = held;
    if (bytes != null) {
      held = null;
      bytes.release();
    }
    KernelPipe through = pipe;
    if (through != null) {
      pipe = null;
      shared.pipes().discard(through);
    }
  }
}
