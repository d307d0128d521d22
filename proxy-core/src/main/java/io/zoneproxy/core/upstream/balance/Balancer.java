package io.zoneproxy.core.upstream.balance;

import io.zoneproxy.core.model.balance.Balancing;
import java.util.function.LongSupplier;

/**
 * Chooses among the endpoints of a {@link Pool}, by index. Immutable: a change of the pool makes a
 * new one. Any thread, without locks.
 */
public interface Balancer {
  /**
   * The next one.
   *
   * @param positions for those that give turns
   * @param hash of the connection, for those that look at it; 0 when it has none: chance decides
   * @param attempt 0 at first, then counted up when what was returned cannot be used
   * @return an index below the pool's size
   */
  int next(Positions positions, long hash, int attempt);

  /** Hands out 0, 1, 2, …, each once. */
  @FunctionalInterface
  interface Positions {
    /** The next position; it may run over. */
    long next();
  }

  /** What is chosen from. */
  interface Pool {
    /** How many, at least 1. */
    int size();

    /** Share of one, greater than 0. */
    double weight(int index);

    /** What the points of a hash are made of: Envoy's way to write the address. */
    String key(int index);

    /** Connections open now; of an HTTP cluster, requests under way. */
    long active(int index);
  }

  /**
   * The one that a configuration asks for. A ring or a table is filled here: up to some hundred
   * milliseconds for the greatest there are, about one for the usual.
   *
   * @param random any long, uniformly; any thread
   */
  static Balancer of(Balancing balancing, Pool pool, LongSupplier random) {
    if (balancing instanceof Balancing.LeastRequest least) {
      return new LeastRequest(pool, least.choices(), least.activeBias(), random);
    }
    if (balancing instanceof Balancing.Random) {
      // Envoy's rule: chance does not look at weights.
      return (positions, hash, attempt) -> Chance.below(pool.size(), random);
    }
    if (balancing instanceof Balancing.RingHash ring) {
      return new RingHash(pool, ring, random);
    }
    if (balancing instanceof Balancing.Maglev maglev) {
      return new Maglev(pool, Math.toIntExact(maglev.tableSize()), random);
    }
    long[] weights = new long[pool.size()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (long) pool.weight(i);
    }
    return new WeightedSchedule(weights);
  }

  /** Whether it looks at hashes; localities are then a part of the weights. */
  static boolean byHash(Balancing balancing) {
    return balancing instanceof Balancing.RingHash || balancing instanceof Balancing.Maglev;
  }
}
