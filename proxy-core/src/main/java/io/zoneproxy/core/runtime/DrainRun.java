package io.zoneproxy.core.runtime;

import io.netty.channel.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Runs a {@link Drain} on an event loop until it is over, or somebody ends it. */
final class DrainRun {
  /** Fine enough to spread cuts over seconds, and to end soon after the last connection. */
  private static final long TICK_MILLIS = 50;

  private final Drain drain;
  private final EventLoop loop;
  private final CompletableFuture<Integer> over = new CompletableFuture<>();

  DrainRun(Drain drain, EventLoop loop) {
    this.drain = drain;
    this.loop = loop;
  }

  CompletableFuture<Integer> start() {
    Future<?> ticks = loop.scheduleAtFixedRate(this::tick, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
    over.whenComplete(
        (cut, error) -> {
          ticks.cancel(false);
          loop.execute(drain::force);
        });
    return over;
  }

  private void tick() {
    try {
      if (drain.tick()) {
        over.complete(drain.cut());
      }
    } catch (RuntimeException e) {
      // The loop would drop the task without a word, and the process would never end.
      over.completeExceptionally(e);
    }
  }
}
