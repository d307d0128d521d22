package io.zoneproxy.core.forward.limit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is counted, and from where on it is too much. */
final class FrameLimitsTest {
  /** More than the time of a test grants anew. */
  private static final int MANY = 1_000_000;

  private final FrameLimits limits = new FrameLimits();

  @Test
  void controlFramesMayComeInABurstAndNotWithoutEnd() {
    for (int i = 0; i < FrameLimits.CONTROL_BURST; i++) {
      assertThat(limits.onControl()).isFalse();
    }
    boolean tooMany = false;
    for (int i = 0; i < MANY && !tooMany; i++) {
      tooMany = limits.onControl();
    }
    assertThat(tooMany).isTrue();
  }

  @Test
  void oneControlFrameForEachThatMovesSomethingIsFineForever() {
    for (int i = 0; i < MANY; i++) {
      limits.onHead();
      assertThat(limits.onControl()).isFalse();
    }
  }

  @Test
  void prioritiesAreFineForEachStream() {
    for (int i = 0; i < 4 * FrameLimits.PRIORITIES_PER_STREAM; i++) {
      assertThat(limits.onPriority(3)).isFalse();
    }
    assertThat(limits.onPriority(3)).isTrue();
    assertThat(limits.onPriority(4)).isFalse();
  }

  @Test
  void windowsAreOpenedForWhatWasSent() {
    limits.onDataSent(3);
    int allowed = 5 + 2 * (1 + 3 * FrameLimits.UPDATES_PER_DATA); // Envoy's formula
    for (int i = 0; i < allowed; i++) {
      assertThat(limits.onWindowUpdate(1)).isFalse();
    }
    assertThat(limits.onWindowUpdate(1)).isTrue();
  }

  @Test
  void emptyDataIsCountedInARow() {
    for (int i = 0; i < 10; i++) {
      for (int empty = 0; empty < FrameLimits.EMPTY_DATA; empty++) {
        assertThat(limits.onData(false)).isFalse();
      }
      assertThat(limits.onData(true)).isFalse();
    }
    for (int empty = 0; empty < FrameLimits.EMPTY_DATA; empty++) {
      limits.onData(false);
    }
    assertThat(limits.onData(false)).isTrue();
  }

  @Test
  void aWindowOfAStreamThatWasResetMayBeUnderWay() {
    limits.onResetSent();
    assertThat(limits.onLeftover(2 * Limits.LEFTOVER_BYTES)).isFalse();
    assertThat(limits.onLeftover(0)).isTrue(); // costs one byte
  }

  @Test
  void headsOfStreamsThatAreOverAreFew() {
    for (int i = 0; i < 256; i++) {
      assertThat(limits.onLeftoverHead()).isFalse();
    }
    assertThat(limits.onLeftoverHead()).isTrue();
  }
}
