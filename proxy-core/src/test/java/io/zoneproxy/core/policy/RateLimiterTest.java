package io.zoneproxy.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.model.policy.TokenBucket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class RateLimiterTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - SECOND); // nanoTime may overflow
  private final RateLimiter limiter =
      new RateLimiter(new TokenBucket(3, 2, Duration.ofSeconds(1)), now::get);

  private int taken() {
    int taken = 0;
    while (limiter.tryTake()) {
      taken++;
    }
    return taken;
  }

  @Test
  void isFullAtFirstAndFilledEveryInterval() {
    assertThat(taken()).isEqualTo(3);
    now.addAndGet(SECOND - 1);
    assertThat(taken()).isZero();
    now.addAndGet(1);
    assertThat(taken()).isEqualTo(2);
  }

  @Test
  void holdsNoMoreThanItsMaximumHoweverLongNobodyCame() {
    now.addAndGet(SECOND * 1_000_000_000);
    assertThat(taken()).isEqualTo(3);
  }

  @Test
  void losesNoPartOfAnInterval() {
    assertThat(taken()).isEqualTo(3);
    now.addAndGet(SECOND + SECOND / 2);
    assertThat(taken()).isEqualTo(2);
    now.addAndGet(SECOND / 2);
    assertThat(taken()).isEqualTo(2);
  }

  @Test
  void givesEachTokenOnceToManyThreads() throws Exception {
    RateLimiter shared = new RateLimiter(new TokenBucket(1000, 1, Duration.ofHours(1)));
    AtomicInteger taken = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Thread thread =
          new Thread(
              () -> {
                while (shared.tryTake()) {
                  taken.incrementAndGet();
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(taken).hasValue(1000);
  }
}
