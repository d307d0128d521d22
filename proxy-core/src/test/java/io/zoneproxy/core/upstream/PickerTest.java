package io.zoneproxy.core.upstream;

import static io.zoneproxy.core.model.Specs.cluster;
import static io.zoneproxy.core.model.Specs.endpoint;
import static io.zoneproxy.core.model.Specs.locality;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.ImmediateEventExecutor;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.EndpointSpec;
import io.zoneproxy.core.model.HostPort;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class PickerTest {
  /** No name is known here; the addresses are literals. */
  private final NameTable names =
      new NameTable(
          name -> ImmediateEventExecutor.INSTANCE.newFailedFuture(new UnknownHostException(name)));

  private Picker picker(ClusterSpec spec) {
    return new Cluster(spec, names).picker(Map.of());
  }

  private static String host(@Nullable Endpoint endpoint) {
    return endpoint == null ? "none" : endpoint.address().host();
  }

  private static Map<String, Integer> pick(Picker picker, int times) {
    Map<String, Integer> counts = new TreeMap<>();
    for (int i = 0; i < times; i++) {
      counts.merge(host(picker.pick(List.of())), 1, Integer::sum);
    }
    return counts;
  }

  private static EndpointSpec tagged(String host, int weight, String key, String value) {
    return new EndpointSpec(new HostPort(host, 80), weight, Map.of(key, value, "other", "tag"));
  }

  @Test
  void picksByWeight() {
    ClusterSpec spec =
        cluster(
            "c",
            locality(0, endpoint("10.0.0.1", 80, 90), endpoint("10.0.0.2", 80, 9)),
            locality(0, endpoint("10.0.0.3", 80, 1)));
    assertThat(pick(picker(spec), 300))
        .isEqualTo(Map.of("10.0.0.1", 270, "10.0.0.2", 27, "10.0.0.3", 3));
  }

  @Test
  void addsUpTheWeightsOfOneAddress() {
    // Three replicas behind one load balancer, in two localities: one endpoint.
    ClusterSpec spec =
        cluster(
            "c",
            locality(0, endpoint("10.0.0.1", 80, 1), endpoint("10.0.0.1", 80, 1)),
            locality(0, endpoint("10.0.0.1", 80, 1), endpoint("10.0.0.2", 80, 1)));
    Picker picker = picker(spec);
    assertThat(pick(picker, 40)).isEqualTo(Map.of("10.0.0.1", 30, "10.0.0.2", 10));
    Endpoint first = picker.pick(List.of());
    assertThat(first).isNotNull();
    assertThat(host(picker.pick(List.of(first)))).isNotEqualTo(host(first));
  }

  @Test
  void holdsTwoPortsOfOneHostApart() {
    Picker picker =
        picker(cluster("c", locality(0, endpoint("10.0.0.1", 80, 1), endpoint("10.0.0.1", 81, 1))));
    Endpoint one = picker.pick(List.of());
    Endpoint other = picker.pick(List.of());
    assertThat(List.of(String.valueOf(one), String.valueOf(other)))
        .containsExactlyInAnyOrder("10.0.0.1:80", "10.0.0.1:81");
  }

  @Test
  void survivesWeightsWhoseSumIsNoInteger() {
    int most = Integer.MAX_VALUE;
    ClusterSpec spec =
        cluster("c", locality(0, endpoint("10.0.0.1", 80, most), endpoint("10.0.0.1", 80, most)));
    Cluster cluster = new Cluster(spec, names);
    assertThat(host(cluster.picker(Map.of()).pick(List.of()))).isEqualTo("10.0.0.1");
    assertThat(cluster.status().endpoints().get(0).weight()).isEqualTo(most);
  }

  @Test
  void usesAHigherPriorityOnlyWhenALowerOneIsUsedUp() {
    ClusterSpec spec =
        cluster(
            "c",
            locality(7, endpoint("10.0.0.3", 80, 100)),
            locality(1, endpoint("10.0.0.1", 80, 1)),
            locality(3, endpoint("10.0.0.2", 80, 1)));
    Picker picker = picker(spec);
    assertThat(pick(picker, 10)).isEqualTo(Map.of("10.0.0.1", 10));
    List<Endpoint> tried = new ArrayList<>();
    List<String> order = new ArrayList<>();
    for (Endpoint next = picker.pick(tried); next != null; next = picker.pick(tried)) {
      tried.add(next);
      order.add(host(next));
    }
    assertThat(order).containsExactly("10.0.0.1", "10.0.0.2", "10.0.0.3");
  }

  @Test
  void countsAnAddressInEachPriorityThatNamesIt() {
    ClusterSpec spec =
        cluster(
            "c",
            locality(0, endpoint("10.0.0.1", 80, 1)),
            locality(1, endpoint("10.0.0.1", 80, 1), endpoint("10.0.0.2", 80, 1)));
    Picker picker = picker(spec);
    Endpoint first = picker.pick(List.of());
    assertThat(host(first)).isEqualTo("10.0.0.1");
    assertThat(first).isNotNull();
    assertThat(host(picker.pick(List.of(first)))).isEqualTo("10.0.0.2");
  }

  @Test
  void picksAmongThoseThatCarryEveryTagOfTheSubset() {
    ClusterSpec spec =
        cluster(
            "c",
            locality(
                0,
                tagged("10.0.0.1", 1, "version", "v1"),
                tagged("10.0.0.2", 3, "version", "v2"),
                tagged("10.0.0.3", 1, "version", "v2")));
    Cluster cluster = new Cluster(spec, names);
    assertThat(pick(cluster.picker(Map.of("version", "v2")), 8))
        .isEqualTo(Map.of("10.0.0.2", 6, "10.0.0.3", 2));
    assertThat(pick(cluster.picker(Map.of("version", "v1", "other", "tag")), 2))
        .isEqualTo(Map.of("10.0.0.1", 2));
    assertThat(pick(cluster.picker(Map.of("version", "v3")), 1)).isEqualTo(Map.of("none", 1));
    assertThat(pick(cluster.picker(Map.of("version", "v1", "zone", "x")), 1))
        .isEqualTo(Map.of("none", 1));
    assertThat(pick(cluster.picker(Map.of()), 5)).hasSize(3);
  }

  @Test
  void givesTheTurnsOfATriedEndpointToTheOthersByWeight() {
    ClusterSpec spec =
        cluster(
            "c",
            locality(
                0,
                endpoint("10.0.0.1", 80, 1),
                endpoint("10.0.0.2", 80, 1),
                endpoint("10.0.0.3", 80, 1)));
    Picker picker = picker(spec);
    Endpoint first = picker.pick(List.of());
    assertThat(first).isNotNull();
    Map<String, Integer> others = new TreeMap<>();
    for (int i = 0; i < 100; i++) {
      others.merge(host(picker.pick(List.of(first))), 1, Integer::sum);
    }
    assertThat(others).hasSize(2).doesNotContainKey(host(first));
    assertThat(others.values()).allSatisfy(count -> assertThat(count).isEqualTo(50));
  }

  @Test
  void doesNotUpsetTheFirstChoicesWithSecondOnes() {
    Picker picker =
        picker(cluster("c", locality(0, endpoint("10.0.0.1", 80, 1), endpoint("10.0.0.2", 80, 1))));
    Map<String, Integer> first = new TreeMap<>();
    for (int i = 0; i < 10; i++) {
      Endpoint chosen = picker.pick(List.of());
      assertThat(chosen).isNotNull();
      first.merge(host(chosen), 1, Integer::sum);
      if (host(chosen).equals("10.0.0.1")) { // the dead one
        assertThat(host(picker.pick(List.of(chosen)))).isEqualTo("10.0.0.2");
      }
    }
    assertThat(first).isEqualTo(Map.of("10.0.0.1", 5, "10.0.0.2", 5));
  }

  @Test
  void leavesOutWhatHasNoAddressAndSpreadsItsTurns() {
    ClusterSpec spec =
        cluster(
            "c",
            locality(
                0,
                endpoint("gone.example", 80, 1),
                endpoint("10.0.0.2", 80, 1),
                endpoint("10.0.0.3", 80, 1)));
    assertThat(pick(picker(spec), 100)).isEqualTo(Map.of("10.0.0.2", 50, "10.0.0.3", 50));
  }

  @Test
  void findsTheLightOneBesideAHeavyOneThatHasNoAddress() {
    ClusterSpec spec =
        cluster(
            "c", locality(0, endpoint("gone.example", 80, 65_535), endpoint("10.0.0.2", 80, 1)));
    assertThat(pick(picker(spec), 10)).isEqualTo(Map.of("10.0.0.2", 10));
  }

  @Test
  void goesToTheNextPriorityWhenNoneOfTheFirstHasAnAddress() {
    ClusterSpec spec =
        cluster(
            "c",
            locality(0, endpoint("gone.example", 80, 1)),
            locality(1, endpoint("10.0.0.2", 80, 1)));
    assertThat(pick(picker(spec), 10)).isEqualTo(Map.of("10.0.0.2", 10));
  }

  @Test
  void findsNothingInAnEmptyCluster() {
    Picker picker = picker(cluster("c"));
    assertThat(picker.pick(List.of())).isNull();
    assertThat(picker.hasOther(List.of())).isFalse();
  }

  @Test
  void saysWhetherAnotherIsLeftWithoutTakingATurn() {
    Picker picker =
        picker(
            cluster(
                "c",
                locality(0, endpoint("10.0.0.1", 80, 1), endpoint("gone.example", 80, 1)),
                locality(4, endpoint("10.0.0.2", 80, 1))));
    Endpoint first = picker.pick(List.of());
    assertThat(first).isNotNull();
    assertThat(picker.hasOther(List.of(first))).isTrue();
    Endpoint second = picker.pick(List.of(first));
    assertThat(second).isNotNull();
    assertThat(picker.hasOther(List.of(first, second))).isFalse();

    Picker equal =
        picker(cluster("c", locality(0, endpoint("10.0.0.1", 80, 1), endpoint("10.0.0.2", 80, 1))));
    Map<String, Integer> counts = new TreeMap<>();
    for (int i = 0; i < 10; i++) {
      assertThat(equal.hasOther(List.of())).isTrue();
      counts.merge(host(equal.pick(List.of())), 1, Integer::sum);
    }
    assertThat(counts).isEqualTo(Map.of("10.0.0.1", 5, "10.0.0.2", 5));
  }

  @Test
  void givesTheSameTotalsHoweverManyThreadsPick() throws Exception {
    ClusterSpec spec =
        cluster(
            "c",
            locality(
                0,
                endpoint("10.0.0.1", 80, 90),
                endpoint("10.0.0.2", 80, 9),
                endpoint("10.0.0.3", 80, 1)));
    Picker picker = picker(spec);
    Map<String, LongAdder> counts = new ConcurrentHashMap<>();
    Callable<Void> picks =
        () -> {
          for (int i = 0; i < 10_000; i++) {
            counts.computeIfAbsent(host(picker.pick(List.of())), h -> new LongAdder()).increment();
          }
          return null;
        };
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      for (Future<Void> done : threads.invokeAll(Collections.nCopies(8, picks))) {
        done.get();
      }
    } finally {
      threads.shutdown();
    }
    assertThat(counts.get("10.0.0.1")).hasToString("72000");
    assertThat(counts.get("10.0.0.2")).hasToString("7200");
    assertThat(counts.get("10.0.0.3")).hasToString("800");
  }
}
