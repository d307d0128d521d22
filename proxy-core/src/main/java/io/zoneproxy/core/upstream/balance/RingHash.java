package io.zoneproxy.core.upstream.balance;

import io.zoneproxy.core.model.balance.Balancing;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * A ring of points, as Envoy's: each endpoint has as many as its share of the ring, at the hashes
 * of {@code ADDRESS_0}, {@code ADDRESS_1}, …; a hash belongs to the first point at or after it. The
 * same addresses and weights make the same ring in every proxy.
 */
final class RingHash implements Balancer {
  private final long[] points; // ascending as signed numbers; the sign bit is turned over
  private final int[] owners;
  private final LongSupplier random;

  RingHash(Pool pool, Balancing.RingHash config, LongSupplier random) {
    this.random = random;
    double sum = 0;
    double least = Double.MAX_VALUE;
    for (int i = 0; i < pool.size(); i++) {
      sum += pool.weight(i);
      least = Math.min(least, pool.weight(i));
    }
    // The lightest has a whole number of points, and the ring at least its least size.
    double share = least / sum;
    double scale = Math.min(Math.ceil(share * config.minSize()) / share, (double) config.maxSize());
    long[] hashes = new long[(int) Math.max(1, Math.ceil(scale))];
    int[] of = new int[hashes.length];
    int count = 0;
    double target = 0;
    for (int i = 0; i < pool.size(); i++) {
      target += scale * pool.weight(i) / sum;
      for (int n = 0; count < target && count < hashes.length; n++, count++) {
        hashes[count] = point(pool.key(i) + '_' + n, config.hash());
        of[count] = i;
      }
    }
    this.points = Arrays.copyOf(hashes, count);
    Arrays.sort(points);
    this.owners = owners(points, hashes, of);
  }

  private static long point(String key, Balancing.Hash function) {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    long hash =
        function == Balancing.Hash.MURMUR_HASH_2
            ? MurmurHash2.hash(bytes, MurmurHash2.SEED)
            : XxHash64.hash(bytes, 0);
    return hash ^ Long.MIN_VALUE; // hashes are unsigned
  }

  /** Two equal points, which one may never see, are both the later's. */
  private static int[] owners(long[] sorted, long[] hashes, int[] of) {
    int[] owners = new int[sorted.length];
    for (int i = 0; i < sorted.length; i++) {
      int first = first(sorted, hashes[i]);
      for (int at = first; at < sorted.length && sorted[at] == hashes[i]; at++) {
        owners[at] = of[i];
      }
    }
    return owners;
  }

  private static int first(long[] sorted, long point) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] < point) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** How many points there are. */
  int size() {
    return points.length;
  }

  @Override
  public int next(Positions positions, long hash, int attempt) {
    long wanted = hash == ConnectionHash.NONE ? random.getAsLong() : hash;
    int at = first(points, wanted ^ Long.MIN_VALUE) + attempt;
    return owners[at % points.length];
  }
}
