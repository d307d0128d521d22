package io.zoneproxy.core.upstream.balance;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** Endpoints 10.0.0.1:80 and on, of given weights; chance has a fixed seed. */
final class FixedPool implements Balancer.Pool {
  final long[] active;
  final Random random = new Random(7);
  private final double[] weights;
  private final AtomicLong position = new AtomicLong();

  FixedPool(double... weights) {
    this.weights = weights;
    this.active = new long[weights.length];
  }

  static FixedPool ofEqual(int size) {
    double[] weights = new double[size];
    Arrays.fill(weights, 1);
    return new FixedPool(weights);
  }

  /** How often each of the pool is chosen; hash 0 means none. */
  int[] choose(Balancer balancer, int times, boolean hashed) {
    int[] counts = new int[weights.length];
    for (int i = 0; i < times; i++) {
      long hash = hashed ? ConnectionHash.of("192.168.0." + i) : ConnectionHash.NONE;
      counts[balancer.next(position::getAndIncrement, hash, 0)]++;
    }
    return counts;
  }

  @Override
  public int size() {
    return weights.length;
  }

  @Override
  public double weight(int index) {
    return weights[index];
  }

  @Override
  public String key(int index) {
    return "10.0.0." + (index + 1) + ":80";
  }

  @Override
  public long active(int index) {
    return active[index];
  }
}
