package io.zoneproxy.core.forward.limit;

import io.zoneproxy.core.observe.request.RequestEnd;
import java.time.Duration;
import java.util.function.Consumer;

/** The limits in time of one request. On its event loop. */
public final class Deadlines implements Alarm.Watched {
  private final Alarm alarm;
  private final Consumer<RequestEnd> onPassed;
  private long requestNanos = Alarm.NEVER; // when it has to be whole
  private long responseNanos = Alarm.NEVER; // when its response has to be
  private long exchangeNanos = Alarm.NEVER; // when both have to be
  private long idleNanos;
  private long movedNanos;
  private boolean over;

  /**
   * @param alarm of the connection; knows this until {@link #stop}
   * @param onPassed told which one has passed
   */
  public Deadlines(Alarm alarm, Consumer<RequestEnd> onPassed) {
    this.alarm = alarm;
    this.onPassed = onPassed;
    alarm.add(this);
  }

  /** Something moved. */
  public void touch() {
    if (idleNanos > 0) {
      movedNanos = System.nanoTime();
    }
  }

  /** At the latest after this time without movement; zero = never. */
  public void idle(Duration limit) {
    idleNanos = limit.toNanos();
    touch();
    expect();
  }

  /** The request is to be whole after this time from now; zero = never. */
  public void requestWithin(Duration limit) {
    requestNanos = after(limit);
    expect();
  }

  /** The request is whole. */
  public void requestWhole() {
    requestNanos = Alarm.NEVER;
  }

  /** The response is to be whole after this time from now; zero = never. */
  public void responseWithin(Duration limit) {
    responseNanos = after(limit);
    expect();
  }

  /** Request and response are to be whole after this time from now; zero = never. */
  public void exchangeWithin(Duration limit) {
    exchangeNanos = after(limit);
    expect();
  }

  private static long after(Duration limit) {
    return limit.isZero() ? Alarm.NEVER : System.nanoTime() + limit.toNanos();
  }

  private void expect() {
    if (!over) {
      alarm.expect(nextNanos());
    }
  }

  /** No more of them. */
  public void stop() {
    over = true;
    alarm.remove(this);
  }

  @Override
  public long nextNanos() {
    long idle = idleNanos > 0 ? movedNanos + idleNanos : Alarm.NEVER;
    return earlier(earlier(idle, exchangeNanos), earlier(requestNanos, responseNanos));
  }

  private static long earlier(long one, long other) {
    if (one == Alarm.NEVER || other == Alarm.NEVER) {
      return one == Alarm.NEVER ? other : one;
    }
    return one - other < 0 ? one : other;
  }

  @Override
  public void look(long nowNanos) {
    if (over) {
      return;
    }
    if (hasPassed(requestNanos, nowNanos)) {
      requestNanos = Alarm.NEVER; // told once
      onPassed.accept(RequestEnd.REQUEST_TIMEOUT);
    } else if (hasPassed(responseNanos, nowNanos)) {
      responseNanos = Alarm.NEVER;
      onPassed.accept(RequestEnd.TIMEOUT);
    } else if (hasPassed(exchangeNanos, nowNanos)) {
      onPassed.accept(RequestEnd.STREAM_DURATION);
    } else if (idleNanos > 0 && nowNanos - movedNanos >= idleNanos) {
      idleNanos = 0;
      onPassed.accept(RequestEnd.IDLE);
    }
  }

  private static boolean hasPassed(long limitNanos, long nowNanos) {
    return limitNanos != Alarm.NEVER && nowNanos - limitNanos >= 0;
  }
}
