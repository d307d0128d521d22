package io.zoneproxy.core.upstream;

import static io.zoneproxy.core.model.Specs.locality;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.EndpointSpec;
import io.zoneproxy.core.model.balance.OutlierDetection;
import io.zoneproxy.core.model.balance.OutlierDetection.Consecutive;
import io.zoneproxy.core.model.balance.OutlierDetection.FailurePercentage;
import io.zoneproxy.core.model.balance.OutlierDetection.SuccessRate;
import io.zoneproxy.core.observe.HealthFlag;
import io.zoneproxy.core.observe.OutlierStats;
import io.zoneproxy.core.observe.OutlierStats.Detector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** By a clock of the test's own: an event loop whose time stands still until it is moved. */
final class OutlierDetectionTest {
  private static final Consecutive OFF = new Consecutive(0, 0);
  private static final Consecutive THREE = new Consecutive(3, 100);
  private static final SuccessRate NO_RATE = new SuccessRate(5, 100, 1900, 0, 0);
  private static final FailurePercentage NO_PERCENTAGE = new FailurePercentage(85, 5, 50, 0, 0);

  private final EmbeddedChannel clock = new EmbeddedChannel();
  private final Clusters clusters = new Clusters();
  private Consecutive any = OFF;
  private Consecutive gateway = OFF;
  private Consecutive local = OFF;
  private boolean split;
  private int mostPercent = 50;
  private SuccessRate rate = NO_RATE;
  private FailurePercentage failures = NO_PERCENTAGE;

  @BeforeEach
  void stopTheClock() {
    clock.freezeTime();
  }

  @AfterEach
  void close() {
    clock.close();
  }

  private OutlierDetection config() {
    return new OutlierDetection(
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofSeconds(100),
        mostPercent,
        any,
        gateway,
        local,
        split,
        rate,
        failures);
  }

  private ClusterSpec spec(int size) {
    return clusters.spec(
        locality(
            0,
            IntStream.rangeClosed(1, size)
                .mapToObj(last -> Clusters.endpoint(last, true))
                .toArray(EndpointSpec[]::new)));
  }

  private Cluster cluster(int size) {
    clusters.outliers = Optional.of(config());
    ClusterContext usual = new ClusterContext(Clusters.names(), clock.eventLoop());
    return new Cluster(
        spec(size),
        new ClusterContext(
            usual.names(), usual.control(), new Random(5)::nextLong, usual.probes()));
  }

  private static Endpoint at(Cluster cluster, int index) {
    return List.copyOf(cluster.endpoints()).get(index);
  }

  private void fail(Cluster cluster, int index, int times) {
    for (int i = 0; i < times; i++) {
      cluster.connectFailed(at(cluster, index));
    }
    clock.runPendingTasks();
  }

  private void pass(long seconds) {
    for (long i = 0; i < seconds; i++) { // one by one: a timer counts from when it ran
      clock.advanceTimeBy(1, TimeUnit.SECONDS);
      clock.runPendingTasks();
    }
  }

  private static List<Integer> out(Cluster cluster) {
    List<Integer> out = new ArrayList<>();
    for (Endpoint each : cluster.endpoints()) {
      if (each.health().has(HealthFlag.FAILED_OUTLIER_CHECK)) {
        out.add(Clusters.last(each));
      }
    }
    return out;
  }

  private static OutlierStats stats(Cluster cluster) {
    return Objects.requireNonNull(cluster.status().outliers());
  }

  @Test
  void putsOutWhoFailsInARow() {
    any = THREE;
    Cluster cluster = cluster(2);
    fail(cluster, 0, 2);
    assertThat(out(cluster)).isEmpty();
    fail(cluster, 0, 1);
    assertThat(out(cluster)).containsExactly(1);
    assertThat(Clusters.pick(cluster.picker(Map.of()), 4)).isEqualTo(Map.of(2, 4));
    assertThat(stats(cluster).enforced(Detector.CONSECUTIVE_5XX).sum()).isEqualTo(1);
    assertThat(stats(cluster).active.get()).isEqualTo(1);
  }

  @Test
  void beginsAnewAfterASuccess() {
    any = THREE;
    Cluster cluster = cluster(2);
    fail(cluster, 0, 2);
    cluster.connected(at(cluster, 0));
    fail(cluster, 0, 2);
    assertThat(out(cluster)).isEmpty();
  }

  @Test
  void countsAFailureToConnectAsAGatewayFailure() {
    gateway = THREE;
    Cluster cluster = cluster(2);
    fail(cluster, 0, 3);
    assertThat(out(cluster)).containsExactly(1);
    assertThat(stats(cluster).enforced(Detector.CONSECUTIVE_GATEWAY_FAILURE).sum()).isEqualTo(1);
  }

  @Test
  void tellsGatewayFailuresFromOthersInAnswers() {
    gateway = THREE;
    Cluster cluster = cluster(2);
    for (int status : new int[] {503, 502, 500, 503, 504, 404}) {
      cluster.answered(at(cluster, 0), status);
    }
    clock.runPendingTasks();
    assertThat(out(cluster)).isEmpty();
    for (int status : new int[] {502, 503, 504}) {
      cluster.answered(at(cluster, 0), status);
    }
    clock.runPendingTasks();
    assertThat(out(cluster)).containsExactly(1);
  }

  @Test
  void feedsTheLocalDetectorsAloneWhenSplit() {
    any = THREE;
    gateway = THREE;
    local = new Consecutive(5, 100);
    split = true;
    Cluster cluster = cluster(2);
    fail(cluster, 0, 4);
    assertThat(out(cluster)).isEmpty();
    fail(cluster, 0, 1);
    assertThat(out(cluster)).containsExactly(1);
    assertThat(stats(cluster).enforced(Detector.CONSECUTIVE_LOCAL_ORIGIN_FAILURE).sum())
        .isEqualTo(1);
  }

  @Test
  void takesBackAfterTheBaseTimeAndLaterEachTime() {
    any = THREE;
    Cluster cluster = cluster(2);
    fail(cluster, 0, 3);
    pass(29);
    assertThat(out(cluster)).containsExactly(1);
    pass(1);
    assertThat(out(cluster)).isEmpty();
    assertThat(stats(cluster).active.get()).isZero();
    fail(cluster, 0, 3); // the second time, twice as long
    pass(59);
    assertThat(out(cluster)).containsExactly(1);
    pass(1);
    assertThat(out(cluster)).isEmpty();
  }

  @Test
  void keepsNobodyOutLongerThanTheLongest() {
    any = THREE;
    Cluster cluster = cluster(2);
    List<Integer> seconds = new ArrayList<>();
    for (int time = 1; time <= 5; time++) {
      fail(cluster, 0, 3); // as soon as it is back
      int out = 0;
      for (; !out(cluster).isEmpty(); out++) {
        pass(1);
      }
      seconds.add(out);
    }
    assertThat(seconds).containsExactly(30, 60, 90, 100, 100);
  }

  @Test
  void forgetsAnEjectionAfterAnIntervalWithout() {
    any = THREE;
    Cluster cluster = cluster(2);
    fail(cluster, 0, 3);
    pass(30);
    pass(10); // one interval without: the next time is the first again
    fail(cluster, 0, 3);
    pass(30);
    assertThat(out(cluster)).isEmpty();
  }

  @Test
  void putsOutNoMoreThanThePercentAllows() {
    any = THREE;
    mostPercent = 10;
    Cluster nine = cluster(9);
    fail(nine, 0, 3);
    assertThat(out(nine)).isEmpty();
    assertThat(stats(nine).overflow.sum()).isEqualTo(1);
    Cluster twenty = cluster(20);
    for (int i = 0; i < 3; i++) {
      fail(twenty, i, 3);
    }
    assertThat(out(twenty)).containsExactly(1, 2);
  }

  @Test
  void letsChanceDecideHowOftenItIsEnforced() {
    any = new Consecutive(1, 25);
    mostPercent = 100;
    Cluster cluster = cluster(1000);
    for (Endpoint each : cluster.endpoints()) {
      cluster.connectFailed(each);
    }
    clock.runPendingTasks();
    assertThat(stats(cluster).detected(Detector.CONSECUTIVE_5XX).sum()).isEqualTo(1000);
    assertThat(out(cluster)).hasSizeBetween(200, 300);
  }

  @Test
  void comparesSuccessRates() {
    rate = new SuccessRate(5, 10, 1900, 100, 0);
    Cluster cluster = cluster(6);
    for (int i = 0; i < 6; i++) {
      for (int n = 0; n < 10; n++) {
        cluster.answered(at(cluster, i), i == 2 && n < 5 ? 500 : 200);
      }
    }
    pass(10);
    assertThat(out(cluster)).containsExactly(3);
    assertThat(stats(cluster).enforced(Detector.SUCCESS_RATE).sum()).isEqualTo(1);
  }

  @Test
  void looksAtFailurePercentagesOfThoseWithEnoughConnections() {
    failures = new FailurePercentage(50, 2, 4, 0, 100);
    split = true;
    Cluster cluster = cluster(4);
    fail(cluster, 0, 2);
    cluster.connected(at(cluster, 0));
    cluster.connected(at(cluster, 0)); // 50 % of 4
    fail(cluster, 1, 3); // too few
    for (int i = 0; i < 4; i++) {
      cluster.connected(at(cluster, 2));
    }
    pass(10);
    assertThat(out(cluster)).containsExactly(1);
    assertThat(stats(cluster).enforced(Detector.LOCAL_ORIGIN_FAILURE_PERCENTAGE).sum())
        .isEqualTo(1);
  }

  @Test
  void takesEveryoneBackWhenItIsNotConfiguredAnyMore() {
    any = THREE;
    Cluster cluster = cluster(2);
    fail(cluster, 0, 3);
    clusters.outliers = Optional.empty();
    cluster.update(spec(2));
    pass(10);
    assertThat(out(cluster)).isEmpty();
  }

  @Test
  void putsOutWhoCannotBeConnectedToWhereNothingIsConfigured() {
    Cluster cluster = new Cluster(spec(2), new ClusterContext(Clusters.names(), clock.eventLoop()));
    cluster.connected(at(cluster, 0));
    assertThat(cluster.status().outliers()).isNull(); // nothing is kept of who never failed
    fail(cluster, 0, 2);
    cluster.connected(at(cluster, 0));
    fail(cluster, 0, 2);
    assertThat(out(cluster)).isEmpty();
    fail(cluster, 0, 1);
    assertThat(out(cluster)).containsExactly(1);
    pass(9);
    assertThat(out(cluster)).containsExactly(1);
    pass(6); // 10 s, and the look after it
    assertThat(out(cluster)).isEmpty();
    fail(cluster, 0, 1);
    assertThat(out(cluster)).containsExactly(1); // one try tells that it is still dead
  }

  @Test
  void oneDialAtATimeTriesWhoIsBack() {
    any = THREE;
    Cluster cluster = cluster(3);
    Picker picker = cluster.picker(Map.of());
    fail(cluster, 0, 3);
    pass(40); // base time, and the look after it
    assertThat(out(cluster)).isEmpty();
    assertThat(Clusters.pick(picker, 30)).containsEntry(1, 1);
    assertThat(Clusters.pick(picker, 30)).doesNotContainKey(1);
    fail(cluster, 0, 1);
    assertThat(Clusters.pick(picker, 30)).containsEntry(1, 1); // the next one tries
    cluster.connected(at(cluster, 0));
    assertThat(Clusters.pick(picker, 30)).containsEntry(1, 10);
  }

  @Test
  void trialsInVainForgiveNothing() {
    any = THREE;
    Cluster cluster = cluster(2);
    fail(cluster, 0, 3);
    pass(30);
    fail(cluster, 0, 1);
    pass(10); // an interval in which it was in
    fail(cluster, 0, 2);
    assertThat(out(cluster)).containsExactly(1);
    pass(50);
    assertThat(out(cluster)).containsExactly(1); // for twice the base time
    pass(20);
    assertThat(out(cluster)).isEmpty();
  }

  @Test
  void aTrialThatTellsNothingIsFollowedByAnother() {
    any = THREE;
    Cluster cluster = cluster(2);
    Picker picker = cluster.picker(Map.of());
    fail(cluster, 0, 3);
    pass(40);
    assertThat(Clusters.pick(picker, 20)).containsEntry(1, 1);
    pass(9);
    assertThat(Clusters.pick(picker, 20)).doesNotContainKey(1);
    pass(1);
    assertThat(Clusters.pick(picker, 20)).containsEntry(1, 1);
  }

  @Test
  void whoIsOnTrialIsDialedWhenThereIsNoOther() {
    any = THREE;
    mostPercent = 100;
    Cluster cluster = cluster(1);
    Picker picker = cluster.picker(Map.of());
    fail(cluster, 0, 3);
    assertThat(out(cluster)).containsExactly(1);
    pass(40);
    assertThat(Clusters.pick(picker, 5)).isEqualTo(Map.of(1, 5));
  }

  @Test
  void leavesAChoiceWhereNothingIsConfigured() {
    Cluster cluster = new Cluster(spec(3), new ClusterContext(Clusters.names(), clock.eventLoop()));
    for (int index = 0; index < 3; index++) {
      fail(cluster, index, 5);
      for (int status = 0; status < 5; status++) {
        cluster.answered(at(cluster, index), 503); // the server's own words count for nothing
      }
    }
    assertThat(out(cluster)).containsExactly(1);
    assertThat(Clusters.pick(cluster.picker(Map.of()), 4)).isEqualTo(Map.of(2, 2, 3, 2));
  }

  @Test
  void hasNoTimerWhenThereIsNothingToLookAt() {
    any = THREE;
    Cluster cluster = cluster(2);
    assertThat(clock.runScheduledPendingTasks()).isEqualTo(-1);
    cluster.connected(at(cluster, 0));
    assertThat(clock.runScheduledPendingTasks()).isPositive();
    pass(10);
    pass(10);
    assertThat(clock.runScheduledPendingTasks()).isEqualTo(-1);
  }

  @Test
  void stopsWithItsCluster() {
    any = THREE;
    Cluster cluster = cluster(2);
    fail(cluster, 0, 3);
    cluster.close();
    pass(10);
    assertThat(clock.runScheduledPendingTasks()).isEqualTo(-1);
    fail(cluster, 1, 3);
    assertThat(out(cluster)).doesNotContain(2);
  }
}
