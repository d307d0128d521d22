package io.zoneproxy.cp.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SessionThreadTest {
  private static final int PATIENCE_SECONDS = 20;

  private final SessionThread thread = new SessionThread("zoneproxy-test");

  @AfterEach
  void end() {
    thread.shutdownNow();
  }

  @Test
  void aTaskThatFailsComesAgainAllTheSame() throws Exception {
    CountDownLatch runs = new CountDownLatch(3);
    thread.scheduleWithFixedDelay(
        () -> {
          runs.countDown();
          throw new IllegalStateException("always");
        },
        0,
        1,
        TimeUnit.MILLISECONDS);
    assertThat(runs.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aTaskThatFailsKeepsNoOtherFromRunning() throws Exception {
    CountDownLatch ran = new CountDownLatch(1);
    thread.execute(
        () -> {
          throw new StackOverflowError("nested");
        });
    thread.execute(ran::countDown);
    assertThat(ran.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
  }
}
