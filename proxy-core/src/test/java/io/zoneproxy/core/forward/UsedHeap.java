package io.zoneproxy.core.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;

/** What objects take in this JVM, others' among them. */
final class UsedHeap {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private UsedHeap() {}

  static long bytes() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  /** Waits until it is so, for what other tests leave behind goes in time. */
  static void awaitGrowthBelow(long limit, long before) {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(bytes() - before).isLessThan(limit));
  }
}
