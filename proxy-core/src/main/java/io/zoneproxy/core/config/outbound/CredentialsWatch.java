package io.zoneproxy.core.config.outbound;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads files of credentials again when they change, on a thread of its own. */
public final class CredentialsWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CredentialsWatch.class);

  /** As often as identities are looked at; a look is one call of the system for each file. */
  private static final long INTERVAL_SECONDS = 5;

  private final List<ProxyCredentials> files;
  private final CountDownLatch closed = new CountDownLatch(1);

  /** Does nothing yet. */
  public CredentialsWatch(OutboundProxies proxies) {
    this.files = proxies.credentials();
  }

  /** Begins to look; without credentials there is nothing to do, and no thread. */
  public void start() {
    if (!files.isEmpty()) {
      Thread thread = new Thread(this::run, "zoneproxy-credentials");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void run() {
    try {
      while (!closed.await(INTERVAL_SECONDS, TimeUnit.SECONDS)) {
        look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody but the JVM's end interrupts this thread
    }
  }

  /** Looks once. On one thread at a time, not an event loop: it reads files. */
  public void look() {
    for (ProxyCredentials each : files) {
      try {
        if (each.refresh()) {
          log.info("{}: new credentials are in use", each);
        }
      } catch (IOException e) {
        log.error("{}; the credentials before stay in use", e.getMessage());
      }
    }
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
