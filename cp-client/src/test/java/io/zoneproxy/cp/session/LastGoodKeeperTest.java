package io.zoneproxy.cp.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.embedded.EmbeddedChannel;
import io.zoneproxy.cp.fields.XdsTypes;
import io.zoneproxy.cp.lastgood.LastKnownGood;
import io.zoneproxy.cp.resource.ResourceStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Its clock is the test's; only writing takes time of its own. */
final class LastGoodKeeperTest {
  private final EmbeddedChannel clock = new EmbeddedChannel();
  private final LastKnownGood file;
  private final LastGoodKeeper keeper;

  LastGoodKeeperTest(@TempDir Path folder) {
    clock.freezeTime();
    file = new LastKnownGood(folder, ".egress-1", Optional.empty(), XdsTypes.KNOWN);
    keeper = new LastGoodKeeper(file, new ResourceStore(), clock.eventLoop());
  }

  @AfterEach
  void close() {
    keeper.close();
    clock.finishAndReleaseAll();
    await().until(LastGoodKeeperTest::nobodyWrites); // into a folder that is deleted next
  }

  private static boolean nobodyWrites() {
    return Thread.getAllStackTraces().keySet().stream()
        .noneMatch(thread -> thread.getName().equals("zoneproxy-last-known-good"));
  }

  private void pass(long millis) {
    clock.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
    clock.runScheduledPendingTasks();
  }

  private boolean written() {
    return Files.exists(file.file());
  }

  @Test
  void aChangeIsWrittenAfterASecond() {
    keeper.changed();
    pass(999);
    assertThat(written()).isFalse();
    pass(1);
    await().until(this::written);
  }

  @Test
  void aBurstIsWrittenWhenItIsOver() {
    for (int i = 0; i < 8; i++) {
      keeper.changed();
      pass(700);
    }
    assertThat(written()).isFalse();
    pass(1000);
    await().until(this::written);
  }

  @Test
  void oneThatDoesNotEndIsWrittenAllTheSame() {
    for (int i = 0; i < 24; i++) { // 12 seconds
      keeper.changed();
      pass(500);
    }
    await().until(this::written);
  }

  @Test
  void theLastChangeIsWrittenWhenItIsClosed() {
    keeper.changed();
    keeper.close();
    await().until(this::written);
  }
}
