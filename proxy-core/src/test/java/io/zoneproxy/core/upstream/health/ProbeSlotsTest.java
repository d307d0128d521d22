package io.zoneproxy.core.upstream.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ProbeSlotsTest {
  private final ProbeSlots slots = new ProbeSlots();

  @Test
  void letsNoMoreThanSoManyRunAtATime() {
    AtomicInteger running = new AtomicInteger();
    for (int i = 0; i < 100; i++) {
      slots.acquire(running::incrementAndGet);
    }
    assertThat(running).hasValue(64);
    slots.release();
    assertThat(running).hasValue(65);
    for (int i = 0; i < 99; i++) {
      slots.release();
    }
    assertThat(running).hasValue(100);
  }

  @Test
  void survivesManyThatGiveTheirsBackAtOnce() {
    for (int i = 0; i < 64; i++) {
      slots.acquire(() -> {});
    }
    AtomicInteger ran = new AtomicInteger();
    for (int i = 0; i < 100_000; i++) {
      slots.acquire(
          () -> {
            ran.incrementAndGet();
            slots.release();
          });
    }
    slots.release();
    assertThat(ran).hasValue(100_000);
  }
}
