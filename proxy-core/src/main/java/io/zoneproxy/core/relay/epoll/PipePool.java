package io.zoneproxy.core.relay.epoll;

import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Empty pipes of one event loop, to be lent while bytes are on their way. The last one given back
 * is lent first: few pipes are in use at a time, and those stay in the processor's cache. What was
 * not needed for a second is closed. On the event loop only.
 */
final class PipePool implements Runnable {
  /** Four times as many fit into a quota as of the largest, and they bring nearly as much. */
  static final int FIRST_BYTES = 256 * 1024;

  /** The kernel's default for fs.pipe-max-size. */
  static final int LARGE_BYTES = 1024 * 1024;

  /** Below this splicing costs more than copying: a user over the quota gets 8 KiB. */
  private static final int LEAST_BYTES = PipeSize.DEFAULT_BYTES;

  /** Filled so often, it is worth growing; the kernel is asked once. */
  private static final int TIMES_FILLED = 8;

  private static final long TRIM_SECONDS = 1;

  private final EventExecutor loop;
  private final PipeQuota quota;
  private final Supplier<PipeSize> size;
  private final ArrayDeque<KernelPipe> large = new ArrayDeque<>(); // lent before the others
  private final ArrayDeque<KernelPipe> small = new ArrayDeque<>();
  private int leastIdle; // since the last trim
  private boolean trimming;
  private boolean closed;

  PipePool(EventExecutor loop, PipeQuota quota, Supplier<PipeSize> size) {
    this.loop = loop;
    this.quota = quota;
    this.size = size;
  }

  /** An empty pipe for the caller, who gives it back or discards it; null: copy instead. */
  @Nullable KernelPipe borrow() {
    KernelPipe pipe = large.isEmpty() ? small.pollFirst() : large.pollFirst();
    leastIdle = Math.min(leastIdle, idle());
    return pipe != null ? pipe : open();
  }

  private int idle() {
    return large.size() + small.size();
  }

  private @Nullable KernelPipe open() {
    if (!quota.take(FIRST_BYTES)) {
      return null;
    }
    KernelPipe pipe;
    try {
      pipe = KernelPipe.open(FIRST_BYTES);
    } catch (IOException e) {
      quota.giveBack(FIRST_BYTES);
      return null; // no descriptor is left: a pipe is a luxury
    }
    resize(pipe, FIRST_BYTES);
    if (pipe.capacity() < LEAST_BYTES) {
      discard(pipe);
      return null;
    }
    return pipe;
  }

  /** Sets the size; the quota is kept to what the pipe has then. */
  private void resize(KernelPipe pipe, int bytes) {
    int before = pipe.capacity();
    int now = size.get().set(pipe.entry().intValue(), bytes);
    pipe.resized(now);
    quota.giveBack(Math.max(before, bytes) - now);
  }

  /** Takes back a pipe, which must be empty. */
  void giveBack(KernelPipe pipe) {
    if (closed) {
      discard(pipe);
      return;
    }
    if (pipe.timesFilled() == TIMES_FILLED && pipe.capacity() == FIRST_BYTES) {
      grow(pipe);
    }
    (pipe.capacity() == LARGE_BYTES ? large : small).addFirst(pipe);
    if (!trimming) {
      trimming = true;
      leastIdle = 0;
      loop.schedule(this, TRIM_SECONDS, TimeUnit.SECONDS);
    }
  }

  private void grow(KernelPipe pipe) {
    if (quota.takeIfPlenty(LARGE_BYTES - FIRST_BYTES)) {
      resize(pipe, LARGE_BYTES);
    } else {
      pipe.countAnew(); // others may have given back theirs by then
    }
  }

  /** Closes a pipe that is not, or may not be, empty: its bytes must never meet another's. */
  void discard(KernelPipe pipe) {
    quota.giveBack(pipe.capacity());
    pipe.close();
  }

  /** Closes what nobody needed since the last time. */
  @Override
  public void run() {
    for (int i = 0; i < leastIdle; i++) {
      discard(small.isEmpty() ? large.removeLast() : small.removeLast());
    }
    leastIdle = idle();
    trimming = leastIdle > 0;
    if (trimming) {
      loop.schedule(this, TRIM_SECONDS, TimeUnit.SECONDS);
    }
  }

  /** Nobody is left to borrow. */
  void close() {
    closed = true;
    large.forEach(this::discard);
    large.clear();
    small.forEach(this::discard);
    small.clear();
    leastIdle = 0; // a trim may still be scheduled
  }
}
