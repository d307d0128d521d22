package io.zoneproxy.core.forward.limit;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The one timer of a downstream's connection and all its requests. It is not stopped when a request
 * ends: it may come too early, never too late, and then looks when it is needed next. So a request
 * costs no timer of its own. On the event loop.
 */
public final class Alarm {
  /** Nothing is waited for. */
  public static final long NEVER = Long.MAX_VALUE;

  /** Has limits in time. */
  public interface Watched {
    /** The {@link System#nanoTime} of the next limit; {@link #NEVER} for none. */
    long nextNanos();

    /** The time has come to look whether a limit has passed; it may not have. */
    void look(long nowNanos);
  }

  private final EventLoop loop;
  private final List<Watched> watched = new ArrayList<>(2); // a connection, and its one request
  private @Nullable Future<?> timer;
  private long timerNanos;
  private boolean closed;

  public Alarm(EventLoop loop) {
    this.loop = loop;
  }

  public void add(Watched one) {
    watched.add(one);
  }

  public void remove(Watched one) {
    watched.remove(one);
  }

  /** Somebody has a limit at that time, from now on. */
  public void expect(long atNanos) {
    if (closed || atNanos == NEVER) {
      return;
    }
    Future<?> pending = timer;
    if (pending != null) {
      if (timerNanos - atNanos <= 0) {
        return;
      }
      pending.cancel(false);
    }
    timerNanos = atNanos;
    long wait = Math.max(0, atNanos - System.nanoTime());
    timer = loop.schedule(this::look, wait, TimeUnit.NANOSECONDS);
  }

  private void look() {
    timer = null;
    long now = System.nanoTime();
    for (Watched one : List.copyOf(watched)) { // who has passed a limit may leave
      one.look(now);
    }
    for (Watched one : watched) {
      expect(one.nextNanos());
    }
  }

  /** The connection is over: nobody waits any longer. */
  public void close() {
    closed = true;
    watched.clear();
    Future<?> pending = timer;
    if (pending != null) {
      timer = null;
      pending.cancel(false);
    }
  }
}
