package io.zoneproxy.core.upstream.balance;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Maglev's table, filled as Envoy does: the endpoints take turns in taking the next free place of
 * an order of their own, a light one leaves turns out.
 */
final class Maglev implements Balancer {
  private final int[] table;
  private final LongSupplier random;

  /**
   * @param size a prime number
   */
  Maglev(Pool pool, int size, LongSupplier random) {
    this.random = random;
    this.table = new int[size];
    Arrays.fill(table, -1);
    fill(pool);
  }

  private void fill(Pool pool) {
    Taker[] takers = new Taker[pool.size()];
    double greatest = 0;
    for (int i = 0; i < takers.length; i++) {
      takers[i] = new Taker(pool.key(i), table.length);
      greatest = Math.max(greatest, pool.weight(i));
    }
    int taken = 0;
    for (int round = 1; taken < table.length; round++) {
      for (int i = 0; i < takers.length && taken < table.length; i++) {
        double weight = pool.weight(i) / greatest;
        if (round * weight >= takers[i].target) {
          takers[i].target++;
          table[takers[i].nextFree(table)] = i;
          taken++;
        }
      }
    }
  }

  @Override
  public int next(Positions positions, long hash, int attempt) {
    long wanted = hash == ConnectionHash.NONE ? random.getAsLong() : hash;
    // Another place for each further attempt: the hash with some of its bits turned over.
    long turned = attempt == 0 ? wanted : wanted ^ -attempt;
    return table[(int) Long.remainderUnsigned(turned, table.length)];
  }

  /** An endpoint with its order of places. */
  private static final class Taker {
    private final long skip;
    private long place;
    private double target;

    Taker(String key, int size) {
      byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
      this.place = Long.remainderUnsigned(XxHash64.hash(bytes, 0), size);
      this.skip = size < 2 ? 0 : Long.remainderUnsigned(XxHash64.hash(bytes, 1), size - 1) + 1;
    }

    int nextFree(int[] table) {
      while (table[(int) place] >= 0) {
        step(table.length);
      }
      int free = (int) place;
      step(table.length);
      return free;
    }

    private void step(int size) {
      place = (place + skip) % size;
    }
  }
}
