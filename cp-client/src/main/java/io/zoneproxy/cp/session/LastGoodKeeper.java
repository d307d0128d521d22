package io.zoneproxy.cp.session;

import io.zoneproxy.cp.lastgood.LastKnownGood;
import io.zoneproxy.cp.resource.ResourceStore;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes what is in force to disk a while after it has changed, on a thread of its own. */
final class LastGoodKeeper implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LastGoodKeeper.class);

  /** Without another change for so long a burst is over, and is written once. */
  private static final long DELAY_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** One that goes on is written after so many delays all the same: a crash costs no more. */
  private static final int MOST_DELAYS = 10;

  /**
   * Writing may take a twentieth of the time: with 100,000 services once takes seconds, and where
   * there are so many, something changes all the time.
   */
  private static final int PAUSE = 20;

  private final LastKnownGood file;
  private final ResourceStore store;
  private final ScheduledExecutorService timer;
  private final ExecutorService disk =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "zoneproxy-last-known-good");
            thread.setDaemon(true);
            return thread;
          });
  private final AtomicBoolean pending = new AtomicBoolean();
  private final AtomicInteger changes = new AtomicInteger();
  private String lastProblem = ""; // on the disk's thread
  private volatile long delayNanos = DELAY_NANOS;

  LastGoodKeeper(LastKnownGood file, ResourceStore store, ScheduledExecutorService timer) {
    this.file = file;
    this.store = store;
    this.timer = timer;
  }

  Optional<LastKnownGood.Kept> load() throws IOException {
    return file.load();
  }

  /** Something else is in force. */
  void changed() {
    int seen = changes.incrementAndGet();
    if (pending.compareAndSet(false, true)) {
      timer.schedule(() -> afterChange(seen, MOST_DELAYS), delayNanos, TimeUnit.NANOSECONDS);
    }
  }

  private void afterChange(int seen, int left) {
    int now = changes.get();
    if (now == seen || left == 0) {
      write();
    } else {
      timer.schedule(() -> afterChange(now, left - 1), DELAY_NANOS, TimeUnit.NANOSECONDS);
    }
  }

  private void write() {
    try {
      disk.execute(this::save);
    } catch (RejectedExecutionException e) {
      log.debug("closed before the last change was written");
    }
  }

  private void save() {
    pending.set(false); // what changes from here on is written again
    long begin = System.nanoTime();
    try {
      file.save(store, Instant.now());
      lastProblem = "";
    } catch (IOException e) {
      String problem = String.valueOf(e.getMessage());
      if (!problem.equals(lastProblem)) {
        log.warn("last known good configuration: cannot be written: {}", problem);
        lastProblem = problem;
      }
    }
    pauseAfter(begin);
  }

  /** After a write that began then. */
  private void pauseAfter(long begin) {
    delayNanos = Math.max(DELAY_NANOS, PAUSE * (System.nanoTime() - begin));
  }

  /** What has changed last is written still. */
  @Override
  public void close() {
    if (pending.get()) {
      write();
    }
    disk.shutdown();
  }
}
