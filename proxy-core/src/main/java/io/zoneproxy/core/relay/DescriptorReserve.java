package io.zoneproxy.core.relay;

import io.netty.util.concurrent.EventExecutor;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one descriptor in reserve for a listening socket. When accept fails because none is left,
 * the reserve is given up, and what waits in the backlog is accepted and reset, one after the other
 * through that descriptor: its callers try another proxy instead of hanging. As soon as a
 * descriptor is free again the reserve is taken back, and connections stay. On the socket's event
 * loop only.
 */
public final class DescriptorReserve {
  /**
   * Between two tries to take the reserve back, and how long accepting pauses when even the reserve
   * was not enough, or the loop would spin. A hundred tries a second cost nothing to speak of.
   */
  public static final long PAUSE_MILLIS = 10;

  private static final Logger log = LoggerFactory.getLogger(DescriptorReserve.class);

  /** Any file that can always be opened. */
  private static final String RESERVE = "/dev/null";

  /** A shortage may come and go with every connection: one line for all of them. */
  private static final long WARN_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final ListenerContext context;
  private final EventExecutor loop;
  private @Nullable FileInputStream reserve;
  private boolean givenUp;
  private boolean acceptedSince;
  private long warnedAt = System.nanoTime() - WARN_NANOS;

  /** Takes a descriptor; {@link #close} is owed. */
  public DescriptorReserve(ListenerContext context, EventExecutor loop) {
    this.context = context;
    this.loop = loop;
    this.reserve = take();
  }

  /** A connection was accepted. */
  public void accepted() {
    acceptedSince = true;
  }

  /**
   * Accept has failed.
   *
   * @return whether to accept nothing for {@link #PAUSE_MILLIS}; otherwise go on at once
   */
  public boolean failed(Throwable cause) {
    boolean noDescriptors = SocketErrors.noDescriptors(cause);
    warn(
        noDescriptors
            ? "out of file descriptors; connections are reset until some are free"
            : cause.toString());
    boolean pause = false;
    if (noDescriptors && reserve != null) {
      giveUp();
    } else {
      // What was accepted is reset by now, and its descriptor serves the next one.
      pause = !acceptedSince;
    }
    acceptedSince = false;
    return pause;
  }

  /** The socket is closed. */
  public void close() {
    release();
    if (givenUp) {
      givenUp = false;
      context.admission().reserveTaken();
    }
  }

  private void giveUp() {
    release();
    givenUp = true;
    context.admission().reserveGivenUp();
    loop.schedule(this::takeBack, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void takeBack() {
    if (!givenUp) {
      return; // the socket was closed
    }
    reserve = take();
    if (reserve == null) {
      loop.schedule(this::takeBack, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    } else {
      givenUp = false;
      context.admission().reserveTaken();
    }
  }

  private void warn(String what) {
    long now = System.nanoTime();
    if (now - warnedAt >= WARN_NANOS) {
      warnedAt = now;
      log.warn("{}: accept failed: {}", context.listener(), what);
    }
  }

  private static @Nullable FileInputStream take() {
    try {
      return new FileInputStream(RESERVE);
    } catch (IOException e) {
      return null; // none left, or no such file on this system: then there is no reserve
    }
  }

  private void release() {
    FileInputStream held = reserve;
    if (held != null) {
      reserve = null;
      try {
        held.close();
      } catch (IOException e) {
        log.debug("closing the reserve: {}", e.getMessage());
      }
    }
  }
}
