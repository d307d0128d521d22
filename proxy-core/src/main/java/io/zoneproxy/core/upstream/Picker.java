package io.zoneproxy.core.upstream;

import io.zoneproxy.core.upstream.balance.Balancer;
import io.zoneproxy.core.upstream.balance.ConnectionHash;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Chooses endpoints of a cluster among those that a subset's tags mean: first a priority by what
 * each can carry, then a locality where these have weights, then an endpoint. Any thread, without
 * locks: what it needs is computed at the first choice after members or their health have changed.
 */
public final class Picker implements Upstreams {
  // Fields, not objects of their own: there is a picker for each of 100,000 clusters.
  private static final AtomicLongFieldUpdater<Picker> FIRST =
      AtomicLongFieldUpdater.newUpdater(Picker.class, "position");
  private static final AtomicLongFieldUpdater<Picker> SECOND =
      AtomicLongFieldUpdater.newUpdater(Picker.class, "secondPosition");

  private final Cluster cluster;
  private final Map<String, String> subset;

  @SuppressWarnings("UnusedVariable") // its updater reads it
  private volatile long position;

  /**
   * Second choices have turns of their own. With one position for both, two equal endpoints of
   * which one is dead would give every connection the dead one first.
   */
  @SuppressWarnings("UnusedVariable") // its updater reads it
  private volatile long secondPosition;

  private volatile Levels levels = Levels.NONE;

  Picker(Cluster cluster, Map<String, String> subset) {
    this.cluster = cluster;
    this.subset = subset;
  }

  /** The cluster it chooses from. */
  public Cluster cluster() {
    return cluster;
  }

  /** Itself. */
  @Override
  public Picker choose() {
    return this;
  }

  /** The next endpoint for a connection without a hash. */
  public @Nullable Endpoint pick(Collection<Endpoint> tried) {
    return pick(tried, ConnectionHash.NONE);
  }

  /**
   * The next endpoint that was not tried yet and has an address. One that another dial tries, after
   * it was put out, is taken only when there is no other. It is to be dialed: asking takes a turn.
   *
   * @param tried endpoints to leave out; when nobody else of the priority whose turn it is can be
   *     used, one of another is
   * @param hash of the connection, 0 when it has none
   * @return null when there is none (left)
   */
  public @Nullable Endpoint pick(Collection<Endpoint> tried, long hash) {
    Endpoint first = next(tried, hash);
    if (first == null || cluster.mayDial(first)) {
      return first;
    }
    Set<Endpoint> avoided = new HashSet<>(tried);
    avoided.add(first);
    Endpoint other = next(avoided, hash);
    while (other != null && !cluster.mayDial(other)) {
      avoided.add(other);
      other = next(avoided, hash);
    }
    return other == null ? first : other;
  }

  private @Nullable Endpoint next(Collection<Endpoint> tried, long hash) {
    Levels now = levels();
    AtomicLongFieldUpdater<Picker> turns = tried.isEmpty() ? FIRST : SECOND;
    Balancer.Positions positions = () -> turns.getAndIncrement(this);
    LongSupplier random = cluster.context().random();
    int first = now.choose(hash, random);
    for (int i = 0; i < now.size(); i++) {
      // The one whose turn it is, then the others from the first on.
      Level level = now.get(i == 0 ? first : i <= first ? i - 1 : i);
      if (i == 0 && level.panic()) {
        cluster.stats().healthyPanic.increment();
      }
      Endpoint endpoint = level.next(positions, hash, tried, random);
      if (endpoint != null) {
        return endpoint;
      }
    }
    return null;
  }

  /** Whether {@link #pick} would find one; takes no turn. */
  public boolean hasOther(Collection<Endpoint> tried) {
    Levels now = levels();
    for (int i = 0; i < now.size(); i++) {
      if (now.get(i).has(tried)) {
        return true;
      }
    }
    return false;
  }

  private Levels levels() {
    Levels current = levels;
    // Read before what they count, so that a change in between is seen next time.
    int health = cluster.healthChanges();
    int names = cluster.context().names().changes();
    List<Cluster.Member> members = cluster.members();
    if (!current.isOf(members, health, names)) {
      // Two threads may do this at once: they compute the same.
      var policy = cluster.spec().policy();
      current =
          Levels.of(
              new Levels.Stamp(members, health, names),
              Subsets.select(policy.subsets(), subset, members),
              policy,
              cluster.context().random());
      levels = current;
    }
    return current;
  }
}
