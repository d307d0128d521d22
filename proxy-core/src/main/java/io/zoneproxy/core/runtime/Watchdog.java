package io.zoneproxy.core.runtime;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.zoneproxy.core.observe.ServerStats;
import io.zoneproxy.core.observe.process.LoopStats;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Counts how often an event loop was busy too long: each is asked something now and then, and has
 * to answer in time. What is missing is counted while it is missing, once. On the control loop, but
 * for the answers.
 */
final class Watchdog implements AutoCloseable {
  /** Envoy's defaults for {@code watchdog_miss} and {@code watchdog_mega_miss}. */
  static final long MISS_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  static final long MEGA_MISS_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** As long as a miss, so that one of twice that length is always seen; wakes a loop 5 times/s. */
  private static final long PERIOD_NANOS = MISS_NANOS;

  private final List<Watched> loops = new ArrayList<>();
  private final Watched own;
  private final LongSupplier clock;
  private final Future<?> rounds;
  private long nextRound;

  /**
   * Begins.
   *
   * @param loops watched; their counters stand in the statistics in this order
   * @param control asks, and is watched for being late with that
   * @param stats is told of the counters
   * @param clock nanoseconds, as {@link System#nanoTime}
   */
  Watchdog(EventLoopGroup loops, EventLoop control, ServerStats stats, LongSupplier clock) {
    this.clock = clock;
    for (EventExecutor loop : loops) {
      this.loops.add(new Watched(loop, new LoopStats()));
    }
    stats.workers(this.loops.stream().map(Watched::stats).toList());
    own = new Watched(control, stats.controlLoop);
    nextRound = clock.getAsLong() + PERIOD_NANOS;
    rounds =
        control.scheduleWithFixedDelay(
            this::round, PERIOD_NANOS, PERIOD_NANOS, TimeUnit.NANOSECONDS);
  }

  /** Looks once at every loop. */
  void round() {
    long now = clock.getAsLong();
    own.late(now - nextRound);
    own.forget();
    nextRound = now + PERIOD_NANOS;
    loops.forEach(loop -> loop.look(now));
  }

  @Override
  public void close() {
    rounds.cancel(false);
  }

  /** One loop. */
  private static final class Watched {
    private final EventExecutor loop;
    private final LoopStats stats;
    private volatile boolean awaited;
    private volatile long askedAt;
    private boolean missed;
    private boolean megaMissed;

    Watched(EventExecutor loop, LoopStats stats) {
      this.loop = loop;
      this.stats = stats;
    }

    LoopStats stats() {
      return stats;
    }

    void look(long now) {
      if (awaited) {
        late(now - askedAt);
      } else if (!loop.isShuttingDown()) {
        ask(now);
      }
    }

    private void ask(long now) {
      forget();
      askedAt = now;
      awaited = true;
      loop.execute(() -> awaited = false);
    }

    void forget() {
      missed = false;
      megaMissed = false;
    }

    void late(long nanos) {
      if (nanos >= MISS_NANOS && !missed) {
        missed = true;
        stats.miss.increment();
      }
      if (nanos >= MEGA_MISS_NANOS && !megaMissed) {
        megaMissed = true;
        stats.megaMiss.increment();
      }
    }
  }
}
