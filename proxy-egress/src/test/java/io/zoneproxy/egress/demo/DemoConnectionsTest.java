package io.zoneproxy.egress.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.observe.ConnectionObserver;
import io.zoneproxy.core.observe.ConnectionRecord;
import io.zoneproxy.egress.demo.DemoConnections.Door;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is counted at the doors, and of the requests. */
final class DemoConnectionsTest {
  private static final DemoWorld.Flow FLOW = DemoWorld.flows().get(0);

  @Test
  void theLastConnectionsAreNewestFirstAndBounded() {
    DemoConnections seen = new DemoConnections();
    assertThat(seen.latest()).isEmpty();

    for (int i = 1; i <= 100; i++) {
      seen.observer("west", Door.INGRESS).onClosed(record(i, "name", CloseReason.DONE));
    }
    assertThat(seen.latest()).hasSize(DemoConnections.KEPT);
    assertThat(seen.latest())
        .extracting(passed -> passed.closed().id())
        .startsWith(100L, 99L)
        .endsWith(101L - DemoConnections.KEPT);
    assertThat(seen.latest().get(0).door()).isEqualTo("west ingress");
  }

  @Test
  void onlyFaultsCountAsFaults() {
    DemoConnections seen = new DemoConnections();
    for (CloseReason reason :
        List.of(CloseReason.DONE, CloseReason.DRAINED, CloseReason.NO_ROUTE, CloseReason.IDLE)) {
      seen.observer("west", Door.EGRESS).onClosed(record(1, "name", reason));
    }
    DemoConnections.DoorStats stats = seen.stats("west", Door.EGRESS);

    assertThat(stats.connections()).isEqualTo(4);
    assertThat(stats.faults()).isEqualTo(1);
    assertThat(stats.bytesUp()).isEqualTo(40);
    assertThat(stats.bytesDown()).isEqualTo(80);
    assertThat(seen.stats("east", Door.EGRESS).connections()).isZero();
  }

  @Test
  void aDoorHasOneSetOfCountersHoweverOftenItIsAskedFor() {
    DemoConnections seen = new DemoConnections();
    seen.observer("east", Door.INGRESS).onClosed(record(1, "name", CloseReason.DONE));
    seen.observer("east", Door.INGRESS).onClosed(record(2, "name", CloseReason.DONE));

    assertThat(seen.stats("east", Door.INGRESS).connections()).isEqualTo(2);
    assertThat(seen.stats("east", Door.EGRESS).connections()).isZero();
  }

  @Test
  void manyLoopsMayReportAtATime() throws Exception {
    DemoConnections seen = new DemoConnections();
    ConnectionObserver observer = seen.observer("east", Door.EGRESS);
    inFourThreads(
        () -> {
          for (int i = 0; i < 1000; i++) {
            observer.onClosed(record(i, "name", CloseReason.NO_ROUTE));
            assertThat(seen.latest()).hasSizeLessThanOrEqualTo(DemoConnections.KEPT);
          }
        });

    assertThat(seen.stats("east", Door.EGRESS).connections()).isEqualTo(4000);
    assertThat(seen.stats("east", Door.EGRESS).faults()).isEqualTo(4000);
    assertThat(seen.latest()).hasSize(DemoConnections.KEPT);
  }

  @Test
  void theTallyCountsByFlowAndInstance() {
    DemoTally tally = new DemoTally();
    tally.right(FLOW, "echo-west-1");
    tally.right(FLOW, "echo-west-1");
    tally.right(FLOW, "echo-west-2");
    tally.wrong(FLOW, "why");

    assertThat(tally.answered(FLOW)).isEqualTo(3);
    assertThat(tally.answered(FLOW, "echo-west-1")).isEqualTo(2);
    assertThat(tally.answered(FLOW, "echo-west-3")).isZero();
    assertThat(tally.failed(FLOW)).isEqualTo(1);
    assertThat(tally.answered(DemoWorld.flows().get(1))).isZero();
    assertThat(tally.failures(DemoWorld.flows().get(1))).isEmpty();
  }

  @Test
  void theTallyLosesNothingBetweenThreads() throws Exception {
    DemoTally tally = new DemoTally();
    inFourThreads(
        () -> {
          for (int i = 0; i < 1000; i++) {
            tally.right(FLOW, "echo-west-" + i % 3);
            tally.wrong(FLOW, "why");
          }
        });

    assertThat(tally.answered(FLOW)).isEqualTo(4000);
    assertThat(tally.failures(FLOW)).containsExactly(Map.entry("why", 4000L));
  }

  private static void inFourThreads(Runnable work) throws InterruptedException {
    List<Throwable> failures = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Thread thread = new Thread(work);
      thread.setUncaughtExceptionHandler(
          (failed, failure) -> {
            synchronized (failures) {
              failures.add(failure);
            }
          });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).isEmpty();
  }

  static ConnectionRecord record(long id, String serverName, CloseReason reason) {
    return new ConnectionRecord(
        id,
        "listener",
        Instant.EPOCH,
        Duration.ofMillis(5),
        null,
        serverName,
        null,
        "",
        "",
        List.of(),
        "",
        null,
        0,
        Duration.ZERO,
        10,
        20,
        reason,
        "");
  }
}
