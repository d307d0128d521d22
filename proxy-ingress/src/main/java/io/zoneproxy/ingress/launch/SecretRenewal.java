package io.zoneproxy.ingress.launch;

import io.zoneproxy.core.listener.BindException;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.ingress.ZoneProxy;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Renews identities while the proxy runs, on a thread of its own: that signs, and reads files. */
final class SecretRenewal implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SecretRenewal.class);

  /** A look that finds nothing to do costs nothing; a fifth of the shortest life is 12 s. */
  private static final long INTERVAL_SECONDS = 5;

  private final ZoneProxy proxy;
  private final Consumer<List<Problem>> told;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Set<Problem> known; // on the thread

  /**
   * Does nothing yet.
   *
   * @param told of problems that were not there before
   */
  SecretRenewal(ZoneProxy proxy, Consumer<List<Problem>> told) {
    this.proxy = proxy;
    this.told = told;
    this.known = new HashSet<>(proxy.notices());
  }

  /** Begins to look. */
  void start() {
    Thread thread = new Thread(this::run, "zoneproxy-secrets");
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    try {
      while (!closed.await(INTERVAL_SECONDS, TimeUnit.SECONDS)) {
        renew();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody but the JVM's end interrupts this thread
    }
  }

  private void renew() {
    try {
      told.accept(proxy.renewSecrets().stream().filter(known::add).toList());
    } catch (BindException | RuntimeException e) { // not the thread's end: the next look may do
      log.error("identities are not renewed", e);
    }
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
