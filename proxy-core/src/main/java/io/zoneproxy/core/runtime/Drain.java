package io.zoneproxy.core.runtime;

import io.zoneproxy.core.config.DrainConfig;
import java.util.function.LongSupplier;

/**
 * The end of a proxy, step by step: accept until no new connection has come for a while, then close
 * the listeners, wait for live connections, cut what is left a few at a time. Driven by {@link
 * #tick}; the clock is given, so a test can be anywhere in it. One thread.
 */
final class Drain {
  /** Accepting and waiting end here: the rest of the time is for cutting. */
  private static final double CUT_BEGINS = 0.80;

  /** Everything is cut by now: a Pod's grace period is often as long as the drain time. */
  private static final double CUT_ENDS = 0.95;

  /** What is drained. */
  interface Target {
    /** Connections accepted, ever. */
    long accepted();

    /** Connections open now. */
    int open();

    /** Whether there is an address where somebody could come. */
    boolean listens();

    /** Begins to close the listeners. */
    void stopAccepting();

    /** Whether the listeners are closed. */
    boolean stopped();

    /** Ends at most so many connections, and says how many. */
    int cut(int most);
  }

  private final DrainConfig config;
  private final LongSupplier nanos;
  private final Target target;
  private final long start;
  private long lastAccepted;
  private long lastAcceptedAt;
  private boolean accepting = true;
  private int openAtCut = -1;
  private int cut;

  Drain(DrainConfig config, LongSupplier nanos, Target target) {
    this.config = config;
    this.nanos = nanos;
    this.target = target;
    this.start = nanos.getAsLong();
    this.lastAccepted = target.accepted();
    this.lastAcceptedAt = start;
  }

  /** Does what is due; returns whether the drain is over. */
  boolean tick() {
    long now = nanos.getAsLong();
    double share = (now - start) / (double) config.time().toNanos();
    if (accepting && mayStopAccepting(now, share)) {
      accepting = false;
      target.stopAccepting();
    }
    if (share >= CUT_BEGINS) {
      cutDue(share);
    }
    return (!accepting && target.stopped() && target.open() == 0) || share >= 1;
  }

  /** Ends it now. */
  void force() {
    if (accepting) {
      accepting = false;
      target.stopAccepting();
    }
    cut += target.cut(Integer.MAX_VALUE);
  }

  /** How many connections were cut so far. */
  int cut() {
    return cut;
  }

  private boolean mayStopAccepting(long now, double share) {
    long accepted = target.accepted();
    if (accepted != lastAccepted) {
      lastAccepted = accepted;
      lastAcceptedAt = now;
    }
    return !target.listens() // nobody can come
        || now - lastAcceptedAt >= config.acceptIdle().toNanos()
        || share >= CUT_BEGINS;
  }

  private void cutDue(double share) {
    if (openAtCut < 0) {
      openAtCut = target.open();
    }
    double progress = Math.min(1, (share - CUT_BEGINS) / (CUT_ENDS - CUT_BEGINS));
    int due = (int) Math.ceil(openAtCut * progress) - cut;
    if (progress == 1) {
      due = Integer.MAX_VALUE;
    }
    if (due > 0) {
      cut += target.cut(due);
    }
  }
}
