package io.zoneproxy.core.runtime;

import io.zoneproxy.core.model.Address;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listeners that could not be bound: what is said of them, once each, and when they are tried
 * again. Its owner sees to it that one thread changes it at a time; any thread may read.
 */
final class Unbound {
  private static final Logger log = LoggerFactory.getLogger(Unbound.class);

  /** Whoever is being restarted has let go of an address by then. */
  private static final long FIRST_MILLIS = 250;

  /** Soon for somebody who has mended it and looks; a try costs next to nothing. */
  private static final long MOST_MILLIS = 5_000;

  private final ScheduledExecutorService control;
  private final Runnable retry;
  private long pauseMillis = FIRST_MILLIS;
  private boolean scheduled;
  private volatile Map<String, String> problems = Map.of();
  private volatile boolean missed = true; // nothing is bound yet

  /** What becomes of connections to a listener that could not be bound. */
  interface Standing {
    /** Where they are still taken; empty when nowhere. */
    Optional<Address> servedAt(String listener);

    /** Whether it is there for what a mesh is for, and not for the proxy's own parts. */
    boolean isForTraffic(String listener);
  }

  /**
   * All is well so far.
   *
   * @param control the clock of tries
   * @param retry binds again and tells {@link #now}; must not run on an event loop
   */
  Unbound(ScheduledExecutorService control, Runnable retry) {
    this.control = control;
    this.retry = retry;
  }

  /**
   * These could not be bound now, and no others.
   *
   * @param found why, by name of the listener
   */
  void now(Map<String, String> found, Standing standing) {
    boolean missing = false;
    for (Map.Entry<String, String> each : found.entrySet()) {
      String name = each.getKey();
      Optional<Address> at = standing.servedAt(name);
      boolean needed = at.isEmpty() && standing.isForTraffic(name);
      missing |= needed;
      if (!each.getValue().equals(problems.get(name))) {
        log.warn("{}; {}; it is tried again every few seconds", each.getValue(), so(at, needed));
      }
    }
    problems = Map.copyOf(found);
    missed = missing;
    if (found.isEmpty()) {
      pauseMillis = FIRST_MILLIS;
    } else if (!scheduled) {
      scheduled = true;
      control.schedule(this::aside, pauseMillis, TimeUnit.MILLISECONDS);
      pauseMillis = Math.min(2 * pauseMillis, MOST_MILLIS);
    }
  }

  private static String so(Optional<Address> at, boolean needed) {
    if (at.isPresent()) {
      return "it serves on at " + at.get();
    }
    return needed ? "the proxy is not ready until it can" : "the other listeners serve";
  }

  /** Binding waits for the event loops, and this runs on one. */
  private void aside() {
    Thread thread = new Thread(retry, "zoneproxy-bind");
    thread.setDaemon(true);
    thread.start();
  }

  /** A try begins: another one may be wanted after it. */
  void begin() {
    scheduled = false;
  }

  /** Why a listener is not bound, by its name; empty when all are. Any thread. */
  Map<String, String> problems() {
    return problems;
  }

  /** Whether one of them is for traffic, and is bound nowhere else. Any thread. */
  boolean missed() {
    return missed;
  }
}
