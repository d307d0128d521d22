package io.zoneproxy.core.upstream.balance;

import io.zoneproxy.core.model.ClusterPolicy.Spread;

/**
 * How much each priority carries, by Envoy's rules: a priority takes its part of healthy endpoints
 * times the overprovisioning, what it cannot take goes to the next, and when all together cannot
 * take everything the parts are scaled up. In whole percent, as Envoy counts.
 *
 * <p>Panic is thought of only when all together cannot take everything: a priority of which less
 * than the threshold is healthy then uses all its endpoints; when each is in panic, what they carry
 * follows the number of their endpoints.
 */
public final class PriorityShares {
  private static final int WHOLE = 100;

  private final int[] percent;
  private final boolean[] panic;

  private PriorityShares(int[] percent, boolean[] panic) {
    this.percent = percent;
    this.panic = panic;
  }

  /**
   * Computes the shares.
   *
   * @param total endpoints by priority, lowest first
   * @param healthy those of them that are
   */
  public static PriorityShares of(int[] total, int[] healthy, Spread spread) {
    int[] availability = new int[total.length];
    long sum = 0;
    for (int i = 0; i < total.length; i++) {
      availability[i] = availability(total[i], healthy[i], spread.overprovisioningPercent());
      sum += availability[i];
    }
    int available = (int) Math.min(WHOLE, sum);
    boolean[] panic = new boolean[total.length];
    boolean all = total.length > 0;
    for (int i = 0; i < total.length; i++) {
      panic[i] = available < WHOLE && belowThreshold(total[i], healthy[i], spread.panicPercent());
      all &= panic[i];
    }
    return new PriorityShares(all ? byCount(total) : spill(availability, available), panic);
  }

  private static int availability(int total, int healthy, int overprovisioning) {
    return total == 0 ? 0 : (int) Math.min(WHOLE, (long) healthy * overprovisioning / total);
  }

  private static boolean belowThreshold(int total, int healthy, double threshold) {
    double percent = total == 0 ? 0 : (double) WHOLE * healthy / total;
    return percent < Math.round(threshold); // Envoy rounds what is configured
  }

  private static int[] spill(int[] availability, int available) {
    int[] percent = new int[availability.length];
    int left = WHOLE;
    int first = -1;
    for (int i = 0; i < percent.length && available > 0; i++) {
      if (availability[i] > 0) {
        first = first < 0 ? i : first;
        percent[i] = Math.min(left, availability[i] * WHOLE / available);
        left -= percent[i];
      }
    }
    if (percent.length > 0) {
      percent[Math.max(0, first)] += left; // rounding; or nobody is there, then the first has none
    }
    return percent;
  }

  private static int[] byCount(int[] total) {
    long sum = 0;
    for (int count : total) {
      sum += count;
    }
    int[] percent = new int[total.length];
    int left = WHOLE;
    int first = -1;
    for (int i = 0; i < total.length && sum > 0; i++) {
      percent[i] = (int) ((long) WHOLE * total[i] / sum);
      left -= percent[i];
      first = first < 0 && total[i] > 0 ? i : first;
    }
    percent[Math.max(0, first)] += left;
    return percent;
  }

  /** Percent of the connections that a priority carries. */
  public int percent(int priority) {
    return percent[priority];
  }

  /** Whether a priority uses all its endpoints, or none. */
  public boolean panic(int priority) {
    return panic[priority];
  }

  /**
   * The priority of a connection.
   *
   * @param value any number, uniformly: by chance, or the connection's hash
   */
  public int choose(long value) {
    int point = (int) Long.remainderUnsigned(value, WHOLE);
    int priority = 0;
    for (int bound = percent[0]; point >= bound; bound += percent[priority]) {
      priority++;
    }
    return priority;
  }

  /** The priority that carries everything; -1 when several do. */
  public int only() {
    for (int i = 0; i < percent.length; i++) {
      if (percent[i] == WHOLE) {
        return i;
      }
    }
    return -1;
  }
}
