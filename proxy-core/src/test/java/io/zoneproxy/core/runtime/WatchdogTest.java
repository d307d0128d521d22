package io.zoneproxy.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.zoneproxy.core.observe.ServerStats;
import io.zoneproxy.core.observe.process.LoopStats;
import io.zoneproxy.core.relay.portable.Transport;
import java.util.Iterator;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Loops that are held, and a clock that the test moves. */
final class WatchdogTest {
  private final AtomicLong now = new AtomicLong();
  private final ServerStats stats = new ServerStats();
  private final EventLoopGroup loops = Transport.loops(2, "watched");
  private final EventLoopGroup control = Transport.loops(1, "watching");
  private final CountDownLatch until = new CountDownLatch(1);
  private final Watchdog watchdog = new Watchdog(loops, control.next(), stats, now::get);

  @AfterEach
  void close() {
    until.countDown();
    watchdog.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    control.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private void round() {
    control.submit(watchdog::round).syncUninterruptibly();
  }

  private void pass(long nanos) {
    now.addAndGet(nanos);
    round();
  }

  /** The loop that is not held has answered: only the clock is the test's. */
  private void secondAnswers() {
    Iterator<EventExecutor> each = loops.iterator();
    each.next();
    each.next().submit(() -> {}).syncUninterruptibly();
  }

  private LoopStats first() {
    return stats.workers().get(0);
  }

  @Test
  void countsALoopThatDoesNotAnswerOnceForEachLimit() throws InterruptedException {
    CountDownLatch held = new CountDownLatch(1);
    loops
        .iterator()
        .next()
        .execute(
            () -> {
              held.countDown();
              try {
                until.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    held.await();
    round(); // asks
    secondAnswers();
    assertThat(first().miss.sum()).isZero();
    pass(Watchdog.MISS_NANOS);
    secondAnswers();
    pass(1);
    secondAnswers();
    assertThat(first().miss.sum()).isEqualTo(1);
    assertThat(first().megaMiss.sum()).isZero();
    pass(Watchdog.MEGA_MISS_NANOS);
    pass(1);
    assertThat(first().miss.sum()).isEqualTo(1);
    assertThat(first().megaMiss.sum()).isEqualTo(1);
    assertThat(stats.workers().get(1).miss.sum()).isZero();
    until.countDown();
    AtomicBoolean free = new AtomicBoolean();
    loops.iterator().next().execute(() -> free.set(true));
    await().untilTrue(free);
    round();
    assertThat(first().miss.sum()).isEqualTo(1);
  }

  @Test
  void countsItsOwnLoopWhenARoundIsLate() {
    round();
    pass(4 * Watchdog.MISS_NANOS);
    assertThat(stats.controlLoop.miss.sum()).isEqualTo(1);
    assertThat(stats.controlLoop.megaMiss.sum()).isZero();
    pass(2 * Watchdog.MEGA_MISS_NANOS);
    assertThat(stats.controlLoop.miss.sum()).isEqualTo(2);
    assertThat(stats.controlLoop.megaMiss.sum()).isEqualTo(1);
  }
}
