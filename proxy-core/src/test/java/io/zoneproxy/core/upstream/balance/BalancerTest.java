package io.zoneproxy.core.upstream.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.zoneproxy.core.model.balance.Balancing;
import io.zoneproxy.core.model.balance.Balancing.Hash;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Seeds are fixed: what is counted here is the same in every run. */
final class BalancerTest {
  private static final int MANY = 10_000;

  private static Balancer of(Balancing balancing, FixedPool pool) {
    return Balancer.of(balancing, pool, pool.random::nextLong);
  }

  private static int next(Balancer balancer, long hash, int attempt) {
    return balancer.next(() -> 0, hash, attempt);
  }

  @Test
  void givesTurnsByWeight() {
    FixedPool pool = new FixedPool(3, 1);
    assertThat(pool.choose(of(Balancing.ROUND_ROBIN, pool), 400, false)).containsExactly(300, 100);
  }

  @Test
  void choosesByChanceWithoutLookingAtWeights() {
    FixedPool pool = new FixedPool(100, 1, 1, 1);
    for (int count : pool.choose(of(new Balancing.Random(), pool), MANY, false)) {
      assertThat(count).isCloseTo(MANY / 4, within(MANY / 50));
    }
  }

  @Test
  void prefersTheOneWithFewerConnections() {
    FixedPool pool = FixedPool.ofEqual(2);
    pool.active[0] = 5;
    // Only when both drawn are the busy one is it chosen: one of four.
    int[] counts = pool.choose(of(new Balancing.LeastRequest(2, 1), pool), MANY, false);
    assertThat(counts[0]).isCloseTo(MANY / 4, within(MANY / 50));
  }

  @Test
  void comparesAsManyAsConfigured() {
    FixedPool pool = FixedPool.ofEqual(4);
    pool.active[1] = 1;
    pool.active[2] = 2;
    pool.active[3] = 3;
    int[] two = pool.choose(of(new Balancing.LeastRequest(2, 1), pool), MANY, false);
    int[] ten = pool.choose(of(new Balancing.LeastRequest(10, 1), pool), MANY, false);
    assertThat(two[0]).isCloseTo(MANY * 7 / 16, within(MANY / 50));
    assertThat(ten[0]).isGreaterThan(MANY * 9 / 10);
  }

  @Test
  void weighsConnectionsAgainstWeightsByTheBias() {
    FixedPool pool = new FixedPool(4, 1);
    pool.active[0] = 3;
    // 4 / (3 + 1) against 1 / 1: as much.
    int[] one = pool.choose(of(new Balancing.LeastRequest(2, 1), pool), MANY, false);
    assertThat(one[0]).isCloseTo(MANY / 2, within(MANY / 50));
    // Without a bias connections do not count.
    int[] none = pool.choose(of(new Balancing.LeastRequest(2, 0), pool), MANY, false);
    assertThat(none[0]).isCloseTo(MANY * 4 / 5, within(MANY / 50));
    // 4 / 4^2 against 1.
    int[] two = pool.choose(of(new Balancing.LeastRequest(2, 2), pool), MANY, false);
    assertThat(two[0]).isCloseTo(MANY / 5, within(MANY / 50));
  }

  @ParameterizedTest
  @EnumSource(Hash.class)
  void findsTheSameEndpointForTheSameHash(Hash function) {
    FixedPool pool = FixedPool.ofEqual(5);
    Balancer ring = of(new Balancing.RingHash(function, 1024, 8192), pool);
    Balancer again = of(new Balancing.RingHash(function, 1024, 8192), FixedPool.ofEqual(5));
    for (int i = 0; i < 1000; i++) {
      long hash = ConnectionHash.of("10.9.8." + i);
      assertThat(next(ring, hash, 0))
          .isEqualTo(next(ring, hash, 0))
          .isEqualTo(next(again, hash, 0));
    }
  }

  @ParameterizedTest
  @EnumSource(Hash.class)
  void spreadsHashesOverTheRingByWeight(Hash function) {
    FixedPool pool = new FixedPool(3, 1);
    Balancer ring = of(new Balancing.RingHash(function, 4096, 8192), pool);
    assertThat(pool.choose(ring, MANY, true)[0]).isCloseTo(MANY * 3 / 4, within(MANY / 20));
  }

  @Test
  void makesARingOfTheConfiguredSize() {
    assertThat(ring(100, 1000, 1, 1, 1).size()).isEqualTo(102); // 34 for each of the three
    assertThat(ring(100, 1000, 1, 9).size()).isEqualTo(100);
    assertThat(ring(1, 50, 1, 99).size()).isEqualTo(50); // never more than the most
    assertThat(ring(1, 8, 1).size()).isEqualTo(1);
  }

  private static RingHash ring(long min, long max, double... weights) {
    FixedPool pool = new FixedPool(weights);
    return new RingHash(
        pool, new Balancing.RingHash(Hash.XX_HASH, min, max), pool.random::nextLong);
  }

  @Test
  void movesFewHashesWhenAnEndpointGoes() {
    Balancer five = of(new Balancing.RingHash(Hash.XX_HASH, 5000, 8192), FixedPool.ofEqual(5));
    Balancer four = of(new Balancing.RingHash(Hash.XX_HASH, 4000, 8192), FixedPool.ofEqual(4));
    assertThat(moved(five, four)).isZero();
  }

  /** Those that belonged to one that is still there and moved all the same, of 1000. */
  private static int moved(Balancer before, Balancer after) {
    int moved = 0;
    for (int i = 0; i < 1000; i++) {
      long hash = ConnectionHash.of("10.9.8." + i);
      int owner = next(before, hash, 0);
      moved += owner < 4 && owner != next(after, hash, 0) ? 1 : 0;
    }
    return moved;
  }

  @Test
  void fillsMaglevsTableByWeight() {
    FixedPool pool = new FixedPool(3, 1, 2);
    int[] counts = pool.choose(of(new Balancing.Maglev(65_537), pool), MANY, true);
    assertThat(counts[0]).isCloseTo(MANY / 2, within(MANY / 30));
    assertThat(counts[1]).isCloseTo(MANY / 6, within(MANY / 30));
    assertThat(counts[2]).isCloseTo(MANY / 3, within(MANY / 30));
  }

  @Test
  void keepsMostOfMaglevsTableWhenAnEndpointGoes() {
    Balancer five = of(new Balancing.Maglev(65_537), FixedPool.ofEqual(5));
    Balancer four = of(new Balancing.Maglev(65_537), FixedPool.ofEqual(4));
    assertThat(moved(five, four)).isLessThan(100);
  }

  @Test
  void fillsTheSmallestTables() {
    assertThat(next(of(new Balancing.Maglev(2), FixedPool.ofEqual(3)), 5, 0)).isBetween(0, 2);
    assertThat(next(of(new Balancing.Maglev(1), FixedPool.ofEqual(1)), 5, 3)).isZero();
  }

  @Test
  void comesToAnotherEndpointInTheEnd() {
    FixedPool pool = FixedPool.ofEqual(3);
    for (Balancing balancing : byHash()) {
      Balancer balancer = of(balancing, pool);
      long hash = ConnectionHash.of("a");
      int first = next(balancer, hash, 0);
      int attempt = 1;
      while (next(balancer, hash, attempt) == first) {
        attempt++;
      }
      assertThat(attempt).isLessThan(16);
    }
  }

  @Test
  void leavesItToChanceWithoutAHash() {
    FixedPool pool = new FixedPool(1, 1);
    for (Balancing balancing : byHash()) {
      assertThat(pool.choose(of(balancing, pool), MANY, false)[0])
          .isCloseTo(MANY / 2, within(MANY / 20));
    }
  }

  private static Balancing[] byHash() {
    return new Balancing[] {
      new Balancing.RingHash(Hash.XX_HASH, 4096, 8192), new Balancing.Maglev(65_537)
    };
  }
}
