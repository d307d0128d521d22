package io.zoneproxy.core.upstream;

import static io.zoneproxy.core.model.Specs.cluster;
import static io.zoneproxy.core.model.Specs.endpoint;
import static io.zoneproxy.core.model.Specs.locality;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.netty.util.concurrent.ImmediateEventExecutor;
import io.zoneproxy.core.model.ClusterPolicy;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.EndpointSpec;
import io.zoneproxy.core.observe.ClusterStatus;
import io.zoneproxy.core.observe.ClusterStatus.EndpointStatus;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ClusterTest {
  private final NameTable names =
      new NameTable(
          name -> ImmediateEventExecutor.INSTANCE.newFailedFuture(new UnknownHostException(name)));

  /** Endpoints 10.0.0.1 and on, of weight 1. */
  private static ClusterSpec of(int... lastBytes) {
    return cluster(
        "default:backend",
        locality(
            0,
            IntStream.of(lastBytes)
                .mapToObj(last -> endpoint("10.0.0." + last, 80, 1))
                .toArray(EndpointSpec[]::new)));
  }

  private static Endpoint pick(Cluster cluster) {
    return Objects.requireNonNull(cluster.picker(Map.of()).pick(List.of()));
  }

  private static Set<Endpoint> all(Cluster cluster) {
    Set<Endpoint> found = new HashSet<>();
    cluster.members().forEach(member -> found.add(member.endpoint()));
    return found;
  }

  @Test
  void keepsAnEndpointWhoseAddressStaysWithItsCounters() {
    Cluster cluster = new Cluster(of(1, 2), names);
    Set<Endpoint> before = all(cluster);
    before.forEach(endpoint -> endpoint.total.increment());
    cluster.update(of(2, 3));
    assertThat(all(cluster)).hasSize(2).containsAnyElementsOf(before);
    assertThat(cluster.status().endpoints())
        .extracting(status -> status.address().host() + " " + status.total())
        .containsExactlyInAnyOrder("10.0.0.2 1", "10.0.0.3 0");
  }

  @Test
  void beginsAnewWithAnEndpointThatWasAwayForAnUpdate() {
    Cluster cluster = new Cluster(of(1), names);
    pick(cluster).total.increment();
    cluster.update(of(2));
    cluster.update(of(1));
    assertThat(pick(cluster).total.sum()).isZero();
  }

  @Test
  void keepsEverythingWhenNothingChanges() {
    Cluster cluster = new Cluster(of(1, 2), names);
    List<Cluster.Member> before = cluster.members();
    cluster.update(of(1, 2));
    assertThat(cluster.members()).isSameAs(before);
  }

  @Test
  void letsGoOfASpecThatWasReplacedByAnEqualOne() {
    Cluster cluster = new Cluster(of(1, 2), names);
    ClusterSpec equal = of(1, 2);
    cluster.update(equal);
    assertThat(cluster.spec()).isSameAs(equal);
  }

  @Test
  void asksForNamesBeforeTheFirstConnectionNeedsThem() {
    List<String> asked = new ArrayList<>();
    NameTable watched =
        new NameTable(
            name -> {
              asked.add(name);
              return ImmediateEventExecutor.INSTANCE.newSucceededFuture(
                  List.of(InetAddress.getLoopbackAddress()));
            });
    Cluster cluster = new Cluster(cluster("c", locality(0, endpoint("a.example", 80, 1))), watched);
    assertThat(asked).containsExactly("a.example");
    cluster.update(
        cluster("c", locality(0, endpoint("b.example", 80, 1), endpoint("10.0.0.1", 80, 1))));
    assertThat(asked).containsExactly("a.example", "b.example");
    assertThat(pick(cluster).dialAddress()).isNotNull();
    assertThat(asked).containsExactly("a.example", "b.example");
  }

  @Test
  void showsItsEndpointsBeforeAndAfterTheFirstUseAlike() {
    Cluster cluster = new Cluster(of(1, 2), names);
    List<EndpointStatus> before = cluster.status().endpoints();
    assertThat(before).hasSize(2);
    cluster.members();
    assertThat(cluster.status().endpoints()).isEqualTo(before);
  }

  @Test
  void keepsTheChooserOfASubsetAsLongAsItIsWanted() {
    Cluster cluster = new Cluster(of(1), names);
    Map<String, String> subset = Map.of("version", "v1");
    Picker picker = cluster.picker(subset);
    cluster.retain(Set.of(subset));
    assertThat(cluster.picker(subset)).isSameAs(picker);
    cluster.retain(Set.of());
    assertThat(cluster.picker(subset)).isNotSameAs(picker);
    assertThat(cluster.picker(Map.of())).isSameAs(cluster.picker(Map.of()));
  }

  @Test
  void takesOverAWeightAPriorityAndTags() {
    Cluster cluster = new Cluster(of(1, 2), names);
    pick(cluster);
    cluster.update(
        cluster(
            "default:backend",
            locality(1, endpoint("10.0.0.1", 80, 5)),
            locality(0, endpoint("10.0.0.2", 80, 7))));
    assertThat(pick(cluster).address().host()).isEqualTo("10.0.0.2");
    assertThat(cluster.status().endpoints())
        .extracting(EndpointStatus::priority, EndpointStatus::weight)
        .containsExactlyInAnyOrder(tuple(1, 5), tuple(0, 7));
  }

  @Test
  void doesNotBeginWithTheFirstEndpointAfterEachUpdate() {
    Cluster cluster = new Cluster(of(1, 2, 3), names);
    List<String> picked = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      picked.add(pick(cluster).address().host());
      // One that is never usable comes and goes, as in a mesh with much change.
      cluster.update(
          i % 2 == 0
              ? cluster(
                  "default:backend",
                  of(1, 2, 3).localities().get(0),
                  locality(1, endpoint("gone.example", 80, 1)))
              : of(1, 2, 3));
    }
    for (String host : List.of("10.0.0.1", "10.0.0.2", "10.0.0.3")) {
      assertThat(picked).filteredOn(host::equals).hasSize(10);
    }
  }

  @Test
  void emptiesAPickerThatIsHeldByAConnection() {
    Cluster cluster = new Cluster(of(1), names);
    Picker held = cluster.picker(Map.of());
    assertThat(held.pick(List.of())).isNotNull();
    cluster.update(of());
    assertThat(held.pick(List.of())).isNull();
  }

  @Test
  void showsOneLineAnAddressWithItsWeightsAddedUp() {
    Cluster cluster =
        new Cluster(
            cluster(
                "default:backend",
                locality(0, endpoint("10.0.0.1", 80, 2), endpoint("gone.example", 80, 1)),
                locality(0, endpoint("10.0.0.1", 80, 3))),
            names);
    ClusterStatus status = cluster.status();
    assertThat(status.name()).isEqualTo("default:backend");
    assertThat(status.statName()).isEqualTo("default_backend");
    assertThat(status.stats()).isNull();
    assertThat(status.endpoints())
        .extracting(EndpointStatus::weight, EndpointStatus::resolved)
        .containsExactly(tuple(5, true), tuple(1, false));
  }

  @Test
  void makesItsCountersAtTheFirstUseAndOnce() {
    Cluster cluster = new Cluster(of(1), names);
    assertThat(cluster.status().stats()).isNull();
    cluster.stats().total.increment();
    cluster.update(of(2));
    assertThat(cluster.stats().total.sum()).isEqualTo(1);
    assertThat(cluster.status().stats()).isSameAs(cluster.stats());
  }

  @Test
  void hasAConnectTimeoutOfItsOwnOrTheProxys() {
    Duration proxys = Duration.ofSeconds(5);
    assertThat(new Cluster(of(1), names).connectTimeout(proxys)).isEqualTo(proxys);
    ClusterSpec own =
        new ClusterSpec(
            "c", List.of(), ClusterPolicy.DEFAULT.withConnectTimeout(Duration.ofSeconds(1)));
    assertThat(new Cluster(own, names).connectTimeout(proxys)).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void neverLacksAnEndpointWhileUpdatesGoOn() throws Exception {
    Cluster cluster = new Cluster(of(1, 2), names);
    Picker picker = cluster.picker(Map.of());
    AtomicBoolean over = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<Boolean>> pickers = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        pickers.add(threads.submit(() -> alwaysPicks(picker, over)));
      }
      for (int i = 0; i < 5000; i++) {
        cluster.update(i % 2 == 0 ? of(2, 3, 4) : of(1, 2));
      }
      over.set(true);
      for (Future<Boolean> each : pickers) {
        assertThat(each.get()).isTrue();
      }
    } finally {
      over.set(true);
      threads.shutdown();
    }
  }

  private static boolean alwaysPicks(Picker picker, AtomicBoolean over) {
    boolean picked = true;
    while (!over.get()) {
      picked &= picker.pick(List.of()) != null;
    }
    return picked;
  }
}
