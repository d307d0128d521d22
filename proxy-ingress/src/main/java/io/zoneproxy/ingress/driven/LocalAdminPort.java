package io.zoneproxy.ingress.driven;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admin interface on a port of this machine, for whoever inspects the proxy from there. It is
 * no reason not to serve: one that cannot be bound is said, and tried again on a thread of its own.
 */
public final class LocalAdminPort implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LocalAdminPort.class);

  /** The proxy that is being replaced has let go of it by then. */
  private static final long FIRST_MILLIS = 500;

  /** Nobody waits for it; a try costs next to nothing. */
  private static final long MOST_MILLIS = 10_000;

  private final Port port;
  private final String instead;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile boolean bound;

  /** What binds. */
  @FunctionalInterface
  public interface Port {
    /**
     * Binds. Not called on an event loop.
     *
     * @throws IOException when it cannot; the message says what and why
     */
    void start() throws IOException;
  }

  /**
   * Binds nothing yet.
   *
   * @param port bound once
   * @param instead where the admin interface is meanwhile
   */
  public LocalAdminPort(Port port, String instead) {
    this.port = port;
    this.instead = instead;
  }

  /** Binds, now or later. Once; not on an event loop. */
  public void start() {
    try {
      port.start();
      bound = true;
    } catch (IOException e) {
      log.warn(
          "{}; the admin interface is at {} alone until it can be bound, which is tried again every"
              + " few seconds",
          e.getMessage(),
          instead);
      Thread thread = new Thread(this::again, "zoneproxy-admin-bind");
      thread.setDaemon(true);
      thread.start();
    }
  }

  /**
   * Where the admin interface is reached, for the log.
   *
   * @param address of the port
   */
  public String where(String address) {
    return bound ? address : instead;
  }

  private void again() {
    try {
      for (long pause = FIRST_MILLIS;
          !closed.await(pause, TimeUnit.MILLISECONDS);
          pause = Math.min(2 * pause, MOST_MILLIS)) {
        if (binds()) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody does
    }
  }

  private boolean binds() {
    try {
      port.start();
      bound = true;
      log.info("admin port: bound at last");
      return true;
    } catch (IOException e) {
      log.debug("{}", e.getMessage());
      return false;
    }
  }

  /** No more tries. What is bound stays with whoever gave it. */
  @Override
  public void close() {
    closed.countDown();
  }
}
