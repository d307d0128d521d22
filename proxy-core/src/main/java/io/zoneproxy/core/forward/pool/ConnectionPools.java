package io.zoneproxy.core.forward.pool;

import io.netty.channel.EventLoop;
import io.zoneproxy.core.upstream.Endpoint;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Connections to upstreams that speak HTTP, shared by the requests of one event loop. Any thread,
 * where nothing else is said.
 */
public final class ConnectionPools {
  /** How often idle connections are looked at: no timer for each of them. */
  private static final Duration SWEEP = Duration.ofSeconds(1);

  private final Duration connectTimeout;
  private final Map<EventLoop, Pools> loops = new ConcurrentHashMap<>();
  private volatile boolean draining;

  /**
   * @param connectTimeout for a cluster that says nothing
   */
  public ConnectionPools(Duration connectTimeout) {
    this.connectTimeout = connectTimeout;
  }

  /** What was asked for and may be given up. */
  @FunctionalInterface
  public interface Pending {
    /** The waiter hears no more of it; does nothing when it has heard. */
    void cancel();
  }

  /**
   * Finds a connection, or makes one; the waiter may be told at once. On the event loop.
   *
   * @param loop of the request
   */
  public Pending request(EventLoop loop, Target target, Waiter waiter) {
    EndpointPool pool = loops.computeIfAbsent(loop, Pools::new).of(target);
    pool.request(waiter);
    return () -> pool.forget(waiter);
  }

  /** Idle connections end, the others with their last request. */
  public void drain() {
    draining = true;
    loops.forEach((loop, pools) -> loop.execute(pools::close));
  }

  /** Those of one loop. */
  private final class Pools {
    private final EventLoop loop;
    private final Map<Target, EndpointPool> pools = new HashMap<>();
    private boolean sweeping;

    Pools(EventLoop loop) {
      this.loop = loop;
    }

    EndpointPool of(Target target) {
      EndpointPool known = pools.get(target);
      if (known == null) {
        known = new EndpointPool(loop, target, target.cluster().connectTimeout(connectTimeout));
        pools.put(target, known);
        maybeSweepLater();
      }
      return known;
    }

    private void maybeSweepLater() {
      if (!sweeping && !pools.isEmpty()) {
        sweeping = true;
        loop.schedule(this::sweep, SWEEP.toMillis(), TimeUnit.MILLISECONDS);
      }
    }

    private void sweep() {
      sweeping = false;
      long now = System.nanoTime();
      pools
          .values()
          .removeIf(
              pool -> {
                Endpoint endpoint = pool.target().endpoint();
                pool.sweep(now, draining || endpoint.gone());
                return pool.isEmpty();
              });
      maybeSweepLater();
    }

    private void close() {
      pools.values().forEach(EndpointPool::close);
    }
  }
}
