package io.zoneproxy.core.observe.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.MessagePassingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes records from the queue, formats them and writes them in batches, on its own thread.
 *
 * @param <T> a record
 */
final class AccessLogWriter<T> implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(AccessLog.class);

  /** About 100 KiB of JSON: one system call for many records, and little to lose in a failure. */
  private static final int BATCH = 256;

  /** How often the file's path and the drops are looked at; log rotation can wait as long. */
  private static final long HOUSEKEEPING_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** How soon a sink that is not ready is asked again; it has its own mind on when to try. */
  private static final int TRIES_EACH_HOUSEKEEPING = 10;

  private final MessagePassingQueue<T> queue;
  private final LogSink sink;
  private final LineFormat<T> format;
  private final Drops drops;
  private final DropReport report = new DropReport();
  private final StringBuilder batch = new StringBuilder();
  private final AtomicBoolean idle = new AtomicBoolean();
  private volatile boolean stopping;
  private volatile @Nullable Thread thread;
  private boolean writeFailed;
  private boolean openFailed;
  private boolean refreshFailed;
  private long keptHouseAtNanos = System.nanoTime();

  AccessLogWriter(MessagePassingQueue<T> queue, LogSink sink, LineFormat<T> format, Drops drops) {
    this.queue = queue;
    this.sink = sink;
    this.format = format;
    this.drops = drops;
  }

  /** How a record is written. */
  interface LineFormat<T> {
    /** Appends it, its line break included. */
    void append(T record, StringBuilder out);

    /** It will not be written. */
    default void dropped(T record) {}
  }

  /** Something was put into the queue. Any thread; costs a system call only when all was quiet. */
  void wake() {
    if (idle.get() && idle.compareAndSet(true, false)) {
      LockSupport.unpark(thread);
    }
  }

  /** Ends the thread when it has written what is queued now. */
  void stop() {
    stopping = true;
    LockSupport.unpark(thread);
  }

  @Override
  public void run() {
    thread = Thread.currentThread();
    boolean last;
    do {
      last = stopping; // before the look into the queue: what came before stop() is written
      boolean pending = !queue.isEmpty(); // once: what comes later may find a sink not asked yet
      boolean ready = !pending || isReady();
      if (pending && ready && writeBatch() > 0) {
        last = false;
      } else {
        if (ready) {
          attempt(sink::flush, 0);
        }
        keepHouse();
        await(last, ready);
      }
    } while (!last);
    finish();
  }

  /** The sink is only asked when there is something for it. */
  private boolean isReady() {
    try {
      boolean ready = sink.ready();
      if (ready && openFailed) {
        openFailed = false;
        log.info("access log: {} can be written now", sink.name());
      }
      return ready;
    } catch (IOException e) {
      if (!openFailed) {
        openFailed = true;
        log.warn(
            "access log: {} cannot be opened: {}; it is tried again, records wait, and what is too"
                + " much is dropped and counted",
            sink.name(),
            e.toString());
      }
      return false;
    }
  }

  private int writeBatch() {
    int records = queue.drain(this::format, BATCH);
    if (records > 0) {
      keepHouse();
      if (writeFailed && sink.keepsHalfALine()) {
        batch.insert(0, '\n'); // the failure may have left half a line
      }
      byte[] lines = batch.toString().getBytes(StandardCharsets.UTF_8);
      batch.setLength(0);
      attempt(() -> write(lines), records);
    }
    return records;
  }

  private void write(byte[] lines) throws IOException {
    sink.write(lines);
    if (writeFailed) {
      sink.flush(); // a buffer alone is no proof that the destination works again
    }
  }

  private void format(T record) {
    int start = batch.length();
    try {
      format.append(record, batch);
    } catch (RuntimeException e) {
      // A mistake of ours in one line must not end the log of all others.
      batch.setLength(start);
      drops.add(1);
      log.error("access log: {}: a record could not be formatted", sink.name(), e);
    }
  }

  /** Waits for {@link #wake()}, at most until the next housekeeping. */
  private void await(boolean last, boolean ready) {
    if (!ready) {
      if (!last && !stopping) {
        LockSupport.parkNanos(this, HOUSEKEEPING_NANOS / TRIES_EACH_HOUSEKEEPING);
      }
      return;
    }
    idle.set(true);
    if (!last && !stopping && queue.isEmpty()) {
      LockSupport.parkNanos(this, HOUSEKEEPING_NANOS);
    }
    idle.set(false);
  }

  private interface Output {
    void run() throws IOException;
  }

  /** A failing destination is said once, and so is its recovery; what is lost is counted. */
  private void attempt(Output output, int records) {
    try {
      output.run();
      if (writeFailed && records > 0) {
        writeFailed = false;
        log.info("access log: {} works again", sink.name());
      }
    } catch (IOException e) {
      drops.add(records);
      if (!writeFailed) {
        writeFailed = true;
        log.error(
            "access log: {}: {}; records are dropped and counted until it works again",
            sink.name(),
            e.toString());
      }
    }
  }

  private void keepHouse() {
    long now = System.nanoTime();
    if (now - keptHouseAtNanos < HOUSEKEEPING_NANOS) {
      return;
    }
    keptHouseAtNanos = now;
    refresh();
    long dropped = drops.sum();
    long fresh = report.due(now, dropped);
    if (fresh > 0) {
      log.warn(
          "access log: {}: {} records dropped, {} since the start", sink.name(), fresh, dropped);
    }
  }

  private void refresh() {
    try {
      sink.refresh();
      refreshFailed = false;
    } catch (IOException e) {
      if (!refreshFailed) {
        refreshFailed = true;
        log.error("access log: {} cannot be opened again: {}", sink.name(), e.toString());
      }
    }
  }

  private void finish() {
    try {
      sink.close();
    } catch (IOException e) {
      log.error("access log: {}: {}", sink.name(), e.toString());
    }
  }
}
