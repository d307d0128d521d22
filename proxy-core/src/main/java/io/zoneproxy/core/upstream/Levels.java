package io.zoneproxy.core.upstream;

import io.zoneproxy.core.model.ClusterPolicy;
import io.zoneproxy.core.upstream.balance.ConnectionHash;
import io.zoneproxy.core.upstream.balance.PriorityShares;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The priorities of a picker and what each carries, as of one state of the cluster. Immutable. */
final class Levels {
  /** Before the first choice. */
  static final Levels NONE = new Levels(new Stamp(List.of(), 0, 0), List.of(), null);

  /**
   * The state it was computed from: when one of these is another, it is computed anew.
   *
   * @param members a list that is never changed, so it is compared by identity
   * @param health how often the health of an endpoint has changed
   * @param names how often a name got or lost addresses
   */
  record Stamp(List<Cluster.Member> members, int health, int names) {}

  private final List<Cluster.Member> members;
  private final int health;
  private final int names;
  private final boolean named; // else no name of the others makes a difference
  private final Level[] levels; // lowest priority first
  private final @Nullable PriorityShares shares;
  private final int only;

  private Levels(Stamp stamp, List<Level> levels, @Nullable PriorityShares shares) {
    this.members = stamp.members();
    this.health = stamp.health();
    this.names = stamp.names();
    this.named = stamp.members().stream().anyMatch(member -> member.endpoint().mayMove());
    this.levels = levels.toArray(new Level[0]);
    this.shares = shares;
    this.only = shares == null ? 0 : shares.only();
  }

  /**
   * Computes them.
   *
   * @param chosen those of the stamp's members that the picker may choose
   */
  static Levels of(
      Stamp stamp, List<Cluster.Member> chosen, ClusterPolicy policy, LongSupplier random) {
    TreeMap<Integer, Tier> tiers = new TreeMap<>();
    for (Cluster.Member member : chosen) {
      tiers.computeIfAbsent(member.priority(), p -> new Tier(policy)).add(member);
    }
    if (tiers.isEmpty()) {
      return new Levels(stamp, List.of(), null);
    }
    PriorityShares shares =
        PriorityShares.of(
            tiers.values().stream().mapToInt(Tier::total).toArray(),
            tiers.values().stream().mapToInt(Tier::healthy).toArray(),
            policy.spread());
    List<Level> levels = new ArrayList<>();
    for (Tier tier : tiers.values()) {
      levels.add(tier.level(shares.panic(levels.size()), random));
    }
    return new Levels(stamp, levels, shares);
  }

  boolean isOf(List<Cluster.Member> nowMembers, int nowHealth, int nowNames) {
    return members == nowMembers && health == nowHealth && (!named || names == nowNames);
  }

  int size() {
    return levels.length;
  }

  Level get(int index) {
    return levels[index];
  }

  /** Whose turn it is: by chance, or by the connection's hash; 0 when there is none at all. */
  int choose(long hash, LongSupplier random) {
    PriorityShares several = shares;
    if (only >= 0 || several == null) {
      return only;
    }
    return several.choose(hash == ConnectionHash.NONE ? random.getAsLong() : hash);
  }
}
