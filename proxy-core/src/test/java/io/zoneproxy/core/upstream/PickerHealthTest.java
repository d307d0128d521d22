package io.zoneproxy.core.upstream;

import static io.zoneproxy.core.model.Specs.locality;
import static io.zoneproxy.core.upstream.Clusters.endpoint;
import static io.zoneproxy.core.upstream.Clusters.last;
import static io.zoneproxy.core.upstream.Clusters.pick;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.zoneproxy.core.model.ClusterPolicy.Spread;
import io.zoneproxy.core.model.EndpointSpec;
import io.zoneproxy.core.model.Locality;
import io.zoneproxy.core.model.LocalityEndpoints;
import io.zoneproxy.core.model.balance.Balancing;
import io.zoneproxy.core.model.balance.Destination;
import io.zoneproxy.core.observe.HealthFlag;
import io.zoneproxy.core.upstream.balance.ConnectionHash;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who is picked when not all are healthy. Chance has a fixed seed. */
final class PickerHealthTest {
  private static final int MANY = 10_000;

  private final Clusters clusters = new Clusters();

  /** Of endpoints FIRST and on, so many that are healthy and so many that are not. */
  private static LocalityEndpoints group(int priority, int first, int healthy, int ill) {
    return locality(
        priority,
        IntStream.range(0, healthy + ill)
            .mapToObj(i -> endpoint(first + i, i < healthy))
            .toArray(EndpointSpec[]::new));
  }

  private static Picker any(Cluster cluster) {
    return cluster.picker(Map.of());
  }

  @Test
  void passesByThoseThatTheControlPlaneCallsIll() {
    Picker picker = any(clusters.cluster(group(0, 1, 3, 1)));
    assertThat(pick(picker, 300)).isEqualTo(Map.of(1, 100, 2, 100, 3, 100));
  }

  @Test
  void spillsOverByPercent() {
    // Half of priority 0 is healthy: it takes 70 %, priority 7 the rest.
    Picker picker = any(clusters.cluster(group(7, 11, 1, 0), group(0, 1, 1, 1)));
    Map<Integer, Integer> counts = pick(picker, MANY);
    assertThat(counts).containsOnlyKeys(1, 11);
    assertThat(counts.get(1)).isCloseTo(MANY * 7 / 10, within(MANY / 50));
  }

  @Test
  void usesEveryoneInPanic() {
    Cluster cluster = clusters.cluster(group(0, 1, 1, 3));
    assertThat(pick(any(cluster), 400)).isEqualTo(Map.of(1, 100, 2, 100, 3, 100, 4, 100));
    assertThat(cluster.stats().healthyPanic.sum()).isEqualTo(400);
  }

  @Test
  void neverPanicsAtAThresholdOfZero() {
    clusters.spread = new Spread(140, 0, false, false);
    assertThat(pick(any(clusters.cluster(group(0, 1, 1, 3))), 10)).isEqualTo(Map.of(1, 10));
    assertThat(pick(any(clusters.cluster(group(0, 1, 0, 3))), 10)).isEqualTo(Map.of(0, 10));
  }

  @Test
  void usesNobodyInPanicWhenConfigured() {
    clusters.spread = new Spread(140, 50, true, false);
    Cluster cluster = clusters.cluster(group(0, 1, 1, 3));
    assertThat(pick(any(cluster), 10)).isEqualTo(Map.of(0, 10));
    assertThat(any(cluster).hasOther(List.of())).isFalse();
    assertThat(cluster.stats().healthyPanic.sum()).isEqualTo(10);
  }

  @Test
  void triesAnotherPriorityWhenThoseOfOneWereTried() {
    Picker picker = any(clusters.cluster(group(0, 1, 1, 0), group(3, 2, 1, 0)));
    Endpoint first = Objects.requireNonNull(picker.pick(List.of()));
    Endpoint second = Objects.requireNonNull(picker.pick(List.of(first)));
    assertThat(last(first)).isEqualTo(1);
    assertThat(last(second)).isEqualTo(2);
    assertThat(picker.pick(List.of(first, second))).isNull();
  }

  @Test
  void seesAtOnceThatTheHealthOfAnEndpointHasChanged() {
    Cluster cluster = clusters.cluster(group(0, 1, 4, 0));
    assertThat(pick(any(cluster), 8)).hasSize(4);
    Endpoint one = cluster.endpoints().iterator().next();
    one.health().raise(HealthFlag.FAILED_OUTLIER_CHECK);
    cluster.onHealthChanged();
    assertThat(pick(any(cluster), 9)).isEqualTo(Map.of(2, 3, 3, 3, 4, 3));
    one.health().lower(HealthFlag.FAILED_OUTLIER_CHECK);
    cluster.onHealthChanged();
    assertThat(pick(any(cluster), 8)).hasSize(4);
  }

  @Test
  void showsWhyAnEndpointIsNotHealthy() {
    Cluster cluster = clusters.cluster(group(0, 1, 1, 1));
    cluster.endpoints().forEach(each -> each.health().raise(HealthFlag.FAILED_ACTIVE_HC));
    assertThat(cluster.status().endpoints())
        .extracting(each -> each.flags())
        .containsExactly(
            Set.of(HealthFlag.FAILED_ACTIVE_HC),
            Set.of(HealthFlag.FAILED_ACTIVE_HC, HealthFlag.FAILED_EDS_HEALTH));
  }

  private static LocalityEndpoints zone(String zone, int weight, EndpointSpec... endpoints) {
    return new LocalityEndpoints(Locality.ofZone(zone), 0, weight, List.of(endpoints));
  }

  @Test
  void weighsLocalitiesOnlyWhenConfigured() {
    LocalityEndpoints[] zones = {
      zone("a", 9, endpoint(1, true)), zone("b", 1, endpoint(2, true), endpoint(3, true))
    };
    assertThat(pick(any(clusters.cluster(zones)), 300)).isEqualTo(Map.of(1, 100, 2, 100, 3, 100));
    clusters.spread = new Spread(140, 50, false, true);
    Map<Integer, Integer> counts = pick(any(clusters.cluster(zones)), MANY);
    assertThat(counts.get(1)).isCloseTo(MANY * 9 / 10, within(MANY / 50));
    assertThat(counts.get(2)).isCloseTo(MANY / 20, within(MANY / 100));
  }

  @Test
  void givesALocalityFewerTurnsWhenItIsIll() {
    clusters.spread = new Spread(100, 0, false, true);
    Cluster cluster =
        clusters.cluster(
            zone("a", 1, endpoint(1, true), endpoint(2, false)),
            zone("b", 1, endpoint(3, true)),
            zone("none", 0, endpoint(4, true)));
    Map<Integer, Integer> counts = pick(any(cluster), MANY);
    assertThat(counts).containsOnlyKeys(1, 3);
    assertThat(counts.get(1)).isCloseTo(MANY / 3, within(MANY / 50));
  }

  @Test
  void keepsAConnectionsHashAtItsEndpoint() {
    for (Balancing balancing :
        List.of(
            new Balancing.RingHash(Balancing.Hash.XX_HASH, 1024, 8192),
            new Balancing.Maglev(65_537))) {
      clusters.balancing = balancing;
      Picker picker = any(clusters.cluster(group(0, 1, 5, 0)));
      Set<Integer> used = new HashSet<>();
      for (int i = 0; i < 100; i++) {
        long hash = ConnectionHash.of("10.1.1." + i);
        Endpoint first = Objects.requireNonNull(picker.pick(List.of(), hash));
        assertThat(picker.pick(List.of(), hash)).isSameAs(first);
        assertThat(picker.pick(List.of(first), hash)).isNotNull().isNotSameAs(first);
        used.add(last(first));
      }
      assertThat(used).hasSize(5);
    }
  }

  @Test
  void takesTheLeastUsedByItsOpenConnections() {
    clusters.balancing = new Balancing.LeastRequest(8, 1);
    Cluster cluster = clusters.cluster(group(0, 1, 2, 0));
    cluster.endpoints().iterator().next().active.add(10);
    assertThat(pick(any(cluster), 1000).get(2)).isGreaterThan(980);
  }

  @Test
  void choosesAmongClustersByWeight() {
    Map<String, Cluster> byName =
        Map.of(
            "a", clusters.cluster(group(0, 1, 1, 0)),
            "b", clusters.cluster(group(0, 2, 1, 0)),
            "c", clusters.cluster(group(0, 3, 1, 0)));
    Upstreams split =
        Upstreams.of(
            new Destination.Split(List.of(share("a", 9), share("b", 0), share("c", 1))),
            byName::get);
    int[] counts = new int[4];
    for (int i = 0; i < MANY; i++) {
      counts[last(split.choose().pick(List.of()))]++;
    }
    assertThat(counts[1]).isCloseTo(MANY * 9 / 10, within(MANY / 50));
    assertThat(counts[2]).isZero();
    Destination.ToCluster one = new Destination.ToCluster("b", Map.of());
    assertThat(Upstreams.of(one, byName::get).choose())
        .isSameAs(Objects.requireNonNull(byName.get("b")).picker(Map.of()));
    Upstreams nobody =
        Upstreams.of(new Destination.Split(List.of(share("a", 0), share("b", 0))), byName::get);
    assertThat(last(nobody.choose().pick(List.of()))).isEqualTo(1);
  }

  private static Destination.Share share(String cluster, int weight) {
    return new Destination.Share(new Destination.ToCluster(cluster, Map.of()), weight);
  }
}
