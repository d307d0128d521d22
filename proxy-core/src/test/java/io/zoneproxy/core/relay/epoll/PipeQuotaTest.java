package io.zoneproxy.core.relay.epoll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class PipeQuotaTest {
  @Test
  void givesUpToItsLimitAndTakesNothingWhenItRefuses() {
    PipeQuota quota = new PipeQuota(100);
    assertThat(quota.take(60)).isTrue();
    assertThat(quota.take(41)).isFalse();
    assertThat(quota.taken()).isEqualTo(60);
    assertThat(quota.take(40)).isTrue();
    assertThat(quota.take(1)).isFalse();
    quota.giveBack(100);
    assertThat(quota.taken()).isZero();
    assertThat(quota.take(100)).isTrue();
  }

  @Test
  void refusesEverythingWhenItsLimitIsZero() {
    PipeQuota quota = new PipeQuota(0);
    assertThat(quota.take(1)).isFalse();
    assertThat(quota.taken()).isZero();
  }

  @Test
  void leavesAQuarterOfTheUsersLimitToOtherPrograms() throws Exception {
    Path file = Path.of("/proc/sys/fs/pipe-user-pages-soft");
    assumeTrue(Files.isReadable(file), "skipped: this system does not tell its limit");
    String limit = Files.readAllLines(file).get(0);
    PipeQuota quota = PipeQuota.ofUser();
    long pages = limit.equals("0") ? 16_384 : Long.parseLong(limit); // 0 = none
    int granted = 0;
    while (quota.take(1024)) {
      granted++;
    }
    assertThat(granted).isEqualTo(pages * 3); // of 4 KiB each
  }

  @Test
  void isNeverOverdrawnHoweverManyThreadsTake() throws Exception {
    PipeQuota quota = new PipeQuota(10);
    AtomicLong held = new AtomicLong();
    AtomicLong most = new AtomicLong();
    Callable<Void> takeAndGiveBack =
        () -> {
          for (int i = 0; i < 50_000; i++) {
            if (quota.take(3)) {
              most.accumulateAndGet(held.addAndGet(3), Math::max);
              held.addAndGet(-3);
              quota.giveBack(3);
            }
          }
          return null;
        };
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      for (Future<Void> done : threads.invokeAll(Collections.nCopies(8, takeAndGiveBack))) {
        done.get();
      }
    } finally {
      threads.shutdown();
    }
    assertThat(most.get()).isBetween(3L, 9L);
    assertThat(quota.taken()).isZero();
  }
}
