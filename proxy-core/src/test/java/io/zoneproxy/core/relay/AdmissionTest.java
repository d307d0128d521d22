package io.zoneproxy.core.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.config.ConnectionLimits;
import io.zoneproxy.core.observe.CloseReason;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class AdmissionTest {
  private final AtomicInteger open = new AtomicInteger();

  private Admission admission(int total, int perListener) {
    return new Admission(new ConnectionLimits(total, perListener), open);
  }

  @Test
  void admitsUpToTheLimitOfTheListener() {
    Admission admission = admission(10, 2);
    assertThat(admission.admit()).isNull();
    assertThat(admission.admit()).isNull();
    assertThat(admission.admit()).isEqualTo(CloseReason.CONNECTION_LIMIT);
    admission.release();
    assertThat(admission.admit()).isNull();
  }

  @Test
  void admitsUpToTheLimitInAllOverSeveralListeners() {
    Admission one = admission(3, 2);
    Admission other = admission(3, 2);
    assertThat(one.admit()).isNull();
    assertThat(one.admit()).isNull();
    assertThat(other.admit()).isNull();
    assertThat(other.admit()).isEqualTo(CloseReason.CONNECTION_LIMIT);
    one.release();
    assertThat(other.admit()).isNull();
    assertThat(one.admit()).isEqualTo(CloseReason.CONNECTION_LIMIT);
  }

  @Test
  void countsARefusedOneNowhere() {
    Admission full = admission(5, 1);
    Admission other = admission(5, 5);
    assertThat(full.admit()).isNull();
    for (int i = 0; i < 20; i++) {
      assertThat(full.admit()).isEqualTo(CloseReason.CONNECTION_LIMIT);
    }
    assertThat(open).hasValue(1);
    for (int i = 0; i < 4; i++) {
      assertThat(other.admit()).isNull();
    }
    assertThat(other.admit()).isEqualTo(CloseReason.CONNECTION_LIMIT);
    assertThat(open).hasValue(5);
  }

  @Test
  void resetsEverythingUntilEachSocketHasItsReserveBack() {
    Admission admission = admission(5, 5);
    admission.reserveGivenUp();
    admission.reserveGivenUp();
    assertThat(admission.admit()).isEqualTo(CloseReason.NO_DESCRIPTORS);
    admission.reserveTaken();
    assertThat(admission.admit()).isEqualTo(CloseReason.NO_DESCRIPTORS);
    admission.reserveTaken();
    assertThat(admission.admit()).isNull();
    assertThat(open).hasValue(1);
  }

  @Test
  void neverHoldsMoreThanTheLimitHoweverManyThreadsAsk() throws Exception {
    Admission admission = admission(50, 40);
    AtomicInteger held = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Callable<Void> comeAndGo =
        () -> {
          for (int i = 0; i < 20_000; i++) {
            if (admission.admit() == null) {
              most.accumulateAndGet(held.incrementAndGet(), Math::max);
              Thread.onSpinWait();
              held.decrementAndGet();
              admission.release();
            }
          }
          return null;
        };
    ExecutorService threads = Executors.newFixedThreadPool(60);
    try {
      for (Future<Void> done : threads.invokeAll(Collections.nCopies(60, comeAndGo))) {
        done.get();
      }
    } finally {
      threads.shutdown();
    }
    assertThat(most.get()).isBetween(1, 40);
    assertThat(open).hasValue(0);
  }
}
