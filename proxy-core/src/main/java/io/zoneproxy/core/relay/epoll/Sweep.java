package io.zoneproxy.core.relay.epoll;

import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks at connections now and then for deadlines that have passed: no timer and no allocation for
 * any of them. The list runs through its members. On the event loop only.
 */
final class Sweep implements Runnable {
  /** What can be in one list at a time. */
  abstract static class Member {
    private @Nullable Sweep in;
    private @Nullable Member before;
    private @Nullable Member after;

    /** Called every interval; may leave the list, and so may no other. */
    abstract void onSweep(long now);
  }

  private final EventExecutor loop;
  private final long intervalNanos;
  private @Nullable Member first;
  private boolean scheduled;

  Sweep(EventExecutor loop, Duration interval) {
    this.loop = loop;
    this.intervalNanos = interval.toNanos();
  }

  /** Takes it out of the list it was in, and in here. */
  void add(Member member) {
    remove(member);
    Member next = first;
    member.in = this;
    member.after = next;
    if (next != null) {
      next.before = member;
    }
    first = member;
    if (!scheduled) {
      schedule();
    }
  }

  /** Takes it out of whichever list it is in. */
  static void remove(Member member) {
    Sweep list = member.in;
    if (list == null) {
      return;
    }
    Member previous = member.before;
    Member next = member.after;
    if (previous == null) {
      list.first = next;
    } else {
      previous.after = next;
    }
    if (next != null) {
      next.before = previous;
    }
    member.in = null;
    member.before = null;
    member.after = null;
  }

  @Override
  public void run() {
    long now = System.nanoTime();
    try {
      for (Member member = first; member != null; ) {
        Member next = member.after;
        member.onSweep(now);
        member = next;
      }
    } finally { // or one that threw would be the last to be looked at
      scheduled = false;
      if (first != null) {
        schedule();
      }
    }
  }

  private void schedule() {
    scheduled = true;
    loop.schedule(this, intervalNanos, TimeUnit.NANOSECONDS);
  }
}
