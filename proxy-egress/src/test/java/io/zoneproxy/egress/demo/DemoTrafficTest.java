package io.zoneproxy.egress.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zoneproxy.egress.demo.DemoWorld.Flow;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class DemoTrafficTest {
  private static final Flow ECHO_WEST = DemoWorld.flows().get(0);
  private static final Flow ECHO_EAST_V2 = DemoWorld.flows().get(4);

  private static RunningServices running;

  private final DemoTally tally = new DemoTally();

  @BeforeAll
  static void start() throws Exception {
    running = new RunningServices();
  }

  @AfterAll
  static void end() throws Exception {
    running.close();
  }

  @Test
  void sendsHalfFromEachZoneAndAnOddOneFromTheFirst() throws Exception {
    assertThat(send(ForwardingProxies::start, 11)).isTrue();

    assertThat(sent("east")).isEqualTo(6);
    assertThat(sent("west")).isEqualTo(5);
  }

  @Test
  void instancesOfEqualWeightGetEqualShares() throws Exception {
    assertThat(send(ForwardingProxies::start, 36)).isTrue();

    // 18 from east, in turn to three names: 6 for echo, which has three instances.
    for (DemoWorld.Instance target : running.world.targets(ECHO_WEST)) {
      assertThat(tally.answered(ECHO_WEST, target.name())).isEqualTo(2);
    }
    assertThat(tally.answered(ECHO_EAST_V2, "echo-east-2")).isEqualTo(9);
  }

  @Test
  void aNameWithoutARouteFailsAndTheOthersDoNot() throws Exception {
    assertThat(send(ForwardingProxies.without("ledger{mesh=default}"), 12)).isFalse();

    assertThat(tally.failed(DemoWorld.flows().get(2))).isEqualTo(2);
    assertThat(tally.failed(ECHO_WEST)).isZero();
    assertThat(tally.answered(ECHO_WEST)).isEqualTo(2);
  }

  @Test
  void anAnswerOfTheWrongVersionIsAFailure() throws Exception {
    assertThat(
            send(
                ForwardingProxies.confusing(
                    "east/" + ECHO_EAST_V2.serverName(), "east/echo{mesh=default}"),
                20))
        .isFalse();

    assertThat(tally.failures(ECHO_EAST_V2)).containsOnlyKeys("answered by echo-east-1 of east");
  }

  @Test
  void anAnswerOfAnotherServiceIsAFailure() throws Exception {
    assertThat(
            send(
                ForwardingProxies.confusing(
                    "west/" + ECHO_WEST.serverName(), "west/ledger{mesh=default}"),
                6))
        .isFalse();

    assertThat(tally.failures(ECHO_WEST))
        .containsOnlyKeys("the server is not spiffe://default/echo");
  }

  @Test
  void givesUpWhenNothingWorks() throws Exception {
    DemoWorld world = world();
    DemoZoneProxies proxies = ForwardingProxies.start(world, new DemoConnections());
    proxies.close(); // nobody listens any more

    assertThat(traffic(world, proxies).send(1000, new CountDownLatch(1))).isFalse();
    assertThat(sent("east")).isEqualTo(10);
    assertThat(sent("west")).isEqualTo(10);
  }

  @Test
  void aStopEndsItEarlyAndCountsAsNotAllRight() throws Exception {
    DemoWorld world = world();
    try (DemoZoneProxies proxies = ForwardingProxies.start(world, new DemoConnections())) {
      assertThat(traffic(world, proxies).send(1000, new CountDownLatch(0))).isFalse();
    }
    assertThat(sent("east") + sent("west")).isZero();
  }

  @Test
  void theTallyKeepsABoundedNumberOfReasons() {
    for (int i = 0; i < 100; i++) {
      tally.wrong(ECHO_WEST, "reason " + i);
    }
    assertThat(tally.failures(ECHO_WEST)).hasSize(17).containsEntry("other reasons", 84L);
    assertThat(tally.failed(ECHO_WEST)).isEqualTo(100);
  }

  @Test
  void everyFlowLeavesItsZoneAndHasATarget() {
    for (Flow flow : DemoWorld.flows()) {
      assertThat(flow.from()).isNotEqualTo(flow.to());
      assertThat(running.world.targets(flow)).isNotEmpty();
    }
    assertThat(DemoWorld.flows()).extracting(Flow::from).contains("east", "west");
  }

  @Test
  void aFlowWithTagsTakesOnlyInstancesThatCarryThem() {
    assertThat(running.world.targets(ECHO_EAST_V2))
        .extracting(DemoWorld.Instance::name)
        .containsExactly("echo-east-2");
    Flow nobody = new Flow("west", "east", "echo", Map.of("version", "v3"));
    assertThat(running.world.targets(nobody)).isEmpty();
  }

  @Test
  void anUnknownZoneIsRefused() {
    assertThatThrownBy(() -> running.world.doors("north"))
        .hasMessage("zone: north (expected: one of [east, west])");
  }

  @Test
  void theNumberOfRequestsHasARange() {
    for (int requests : List.of(-1, 0, 1, 1_000_001)) {
      assertThatThrownBy(() -> new DemoOptions(true, requests))
          .hasMessage("requests: " + requests + " (expected: 2 to 1000000)");
    }
    assertThat(new DemoOptions(true, 2).requests()).isEqualTo(2);
    assertThat(DemoOptions.DEFAULT_REQUESTS).isEqualTo(200);
  }

  private boolean send(DemoZoneProxies.Factory factory, int requests) throws Exception {
    DemoWorld world = world();
    try (DemoZoneProxies proxies = factory.start(world, new DemoConnections())) {
      return traffic(world, proxies).send(requests, new CountDownLatch(1));
    }
  }

  private DemoTraffic traffic(DemoWorld world, DemoZoneProxies proxies) {
    return new DemoTraffic(world, proxies, running.client, tally);
  }

  private static DemoWorld world() throws Exception {
    return new DemoWorld(
        running.folder.path(), running.world.instances(), RunningServices.freeDoors());
  }

  private long sent(String from) {
    return DemoWorld.flows().stream()
        .filter(flow -> flow.from().equals(from))
        .mapToLong(flow -> tally.answered(flow) + tally.failed(flow))
        .sum();
  }
}
