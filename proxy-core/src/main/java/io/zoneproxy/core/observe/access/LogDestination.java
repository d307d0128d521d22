package io.zoneproxy.core.observe.access;

import java.util.concurrent.TimeUnit;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;

/**
 * A destination with its queue and its thread. Whoever has a record only puts it into the queue;
 * when that is full, or the destination has ended, the record is dropped and counted.
 *
 * @param <T> a record
 */
final class LogDestination<T> {
  /** Of the variants, the one without sun.misc.Unsafe: newer JDKs warn about its use. */
  private final MpscAtomicArrayQueue<T> queue;

  private final Drops drops;
  private final AccessLogWriter.LineFormat<T> format;
  private final AccessLogWriter<T> writer;
  private final Thread thread;
  private volatile boolean retired;
  private volatile boolean ended;

  /** Starts the thread, a daemon: nothing that blocks it keeps the process from its end. */
  LogDestination(
      String threadName,
      LogSink sink,
      AccessLogWriter.LineFormat<T> format,
      Drops drops,
      int capacity) {
    this.queue = new MpscAtomicArrayQueue<>(capacity);
    this.drops = drops;
    this.format = format;
    this.writer = new AccessLogWriter<>(queue, sink, format, drops);
    this.thread = new Thread(this::run, threadName);
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    writer.run();
    ended = true;
    dropLate();
  }

  /** Any thread; neither blocks nor throws. */
  void offer(T record) {
    if (retired || !queue.offer(record)) {
      format.dropped(record);
      drops.add(1);
      return;
    }
    writer.wake();
    if (ended) {
      dropLate();
    }
  }

  /** A record is lost for another reason. Any thread. */
  void drop() {
    drops.add(1);
  }

  /** What was put in between the writer's last look and its end. */
  private synchronized void dropLate() { // one consumer of the queue at a time
    drops.add(queue.drain(format::dropped));
  }

  /** Takes nothing more, writes out what is queued and ends. Does not wait for that. */
  void retire() {
    retired = true;
    writer.stop();
  }

  /** Whether it takes nothing more. */
  boolean isRetired() {
    return retired;
  }

  /**
   * Waits for the end after {@link #retire()}; a write that still blocks then is broken off.
   *
   * @param deadlineNanos of {@link System#nanoTime()}
   */
  void awaitEnd(long deadlineNanos) {
    try {
      long left = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
      thread.join(Math.max(1, left)); // 0 would be for ever
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    breakOff();
  }

  /**
   * Ends a write that blocks for a reader who does not come. To be called after {@link #retire()}.
   */
  void breakOff() {
    if (thread.isAlive()) {
      thread.interrupt(); // closes the channel that it writes to
    }
  }

  /** Whether its thread has ended. */
  boolean isOver() {
    return ended;
  }

  /** Records lost here. */
  long dropped() {
    return drops.sum();
  }
}
