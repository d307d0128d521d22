package io.zoneproxy.core.upstream.health;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What connections and requests to one endpoint met. Event loops count; the rest is for the control
 * loop only.
 */
final class OutlierRecord {
  private static final double WHOLE = 100;

  /** Failures of any kind in a row. */
  final AtomicInteger failures = new AtomicInteger();

  /** Gateway failures in a row. */
  final AtomicInteger gatewayFailures = new AtomicInteger();

  /** Failures to connect in a row. */
  final AtomicInteger localFailures = new AtomicInteger();

  /** In this interval, as answers are looked at. */
  final Interval answers = new Interval();

  /** In this interval, as the making of connections is looked at, when it is told apart. */
  final Interval connects = new Interval();

  /** Times base ejection: how long it would be out. */
  int multiplier;

  /** When it was put out. */
  long ejectedAtNanos;

  /** Not on trial. */
  private static final long NO_TRIAL = Long.MIN_VALUE;

  /** Until when one dial tries it; in the past: the next one does. */
  private final AtomicLong trialUntilNanos = new AtomicLong(NO_TRIAL);

  /** Its time is over: one dial after the other tries it, until one succeeds. */
  void beginTrial(long nowNanos) {
    trialUntilNanos.set(nowNanos);
  }

  /** The dial that tried it has failed: the next one may. */
  void endDial(long nowNanos) {
    long until = trialUntilNanos.get();
    if (until != NO_TRIAL) {
      trialUntilNanos.compareAndSet(until, nowNanos);
    }
  }

  /**
   * Whether to dial it now: not while another dial tries it.
   *
   * @param atMostNanos after that the other dial is taken to have been given up
   */
  boolean mayDial(long nowNanos, long atMostNanos) {
    long until = trialUntilNanos.get();
    return until == NO_TRIAL
        || (nowNanos - until >= 0 && trialUntilNanos.compareAndSet(until, nowNanos + atMostNanos));
  }

  /** Whether dials of the interval that was closed tried it, and none was made. */
  boolean triedInVain() {
    return trialUntilNanos.get() != NO_TRIAL && answers.volume() + connects.volume() > 0;
  }

  /** A dial was made. */
  void endTrial() {
    if (trialUntilNanos.get() != NO_TRIAL) {
      trialUntilNanos.set(NO_TRIAL);
    }
  }

  /** It begins anew. */
  void forget() {
    endTrial();
    failures.set(0);
    gatewayFailures.set(0);
    localFailures.set(0);
  }

  /** Successes and all, of one interval. */
  static final class Interval {
    private final AtomicInteger successes = new AtomicInteger();
    private final AtomicInteger all = new AtomicInteger();
    private int volume;
    private double rate;

    void add(boolean success) {
      if (success) {
        successes.incrementAndGet();
      }
      all.incrementAndGet();
    }

    /** Ends it; the figures of it can be read then. */
    void close() {
      volume = all.getAndSet(0);
      // One that was counted in between may be in one of the two only.
      int succeeded = Math.min(volume, successes.getAndSet(0));
      rate = volume == 0 ? 0 : WHOLE * succeeded / volume;
    }

    /** Connections or requests of the interval that was closed. */
    int volume() {
      return volume;
    }

    /** Successes of the interval that was closed, in percent. */
    double rate() {
      return rate;
    }
  }
}
