package io.zoneproxy.ingress.launch;

import io.zoneproxy.core.admin.AdminActions;
import io.zoneproxy.ingress.ZoneProxy;
import io.zoneproxy.ingress.flags.ExitCode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of the process: the first signal drains, the second ends the drain, the third the
 * process. After SIGUSR2, which drained the listeners, the first one ends all at once.
 */
final class Shutdown implements AdminActions, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Shutdown.class);

  private static final int END_DRAIN = 2;
  private static final int END_PROCESS = 3;

  private final ZoneProxy proxy;
  private final Runnable onDrain;
  private final AtomicInteger signals = new AtomicInteger();
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile boolean failed;
  private volatile boolean listenersDrained; // the first signal has nothing to wait for then
  private volatile @Nullable CompletableFuture<Integer> drain;

  /**
   * @param onDrain told once, when the drain begins
   */
  Shutdown(ZoneProxy proxy, Runnable onDrain) {
    this.proxy = proxy;
    this.onDrain = onDrain;
  }

  /** The control plane will never drive this proxy: the process ends, and its exit code says so. */
  void onFailure(String why) {
    log.error("{}", why);
    failed = true;
    over.countDown();
  }

  /** One more signal has come. */
  void onSignal() {
    switch (signals.incrementAndGet()) {
      case 1 -> begin();
      case END_DRAIN -> endDrain();
      case END_PROCESS -> Runtime.getRuntime().halt(ExitCode.FAILED);
      default -> {}
    }
  }

  /** The listeners close now, live connections go on, and the next signal ends all at once. */
  void onDrainSignal() {
    listenersDrained = true;
    drainListeners();
  }

  private void begin() {
    if (listenersDrained) {
      log.info("ending at once, as SIGUSR2 came before: {} are cut", proxy.openConnections());
      over.countDown();
    } else {
      drain();
    }
  }

  private void drain() {
    log.info("draining: {} connections are open", proxy.openConnections());
    onDrain.run();
    CompletableFuture<Integer> running = proxy.drain();
    drain = running;
    running.whenComplete(
        (cut, error) -> {
          if (error == null) {
            log.info("drained: {} connections were cut", cut);
          } else {
            log.error("a mistake of this program: the drain has failed, ending at once", error);
          }
          over.countDown();
        });
  }

  private void endDrain() {
    log.info("draining ends now: {} connections are cut", proxy.openConnections());
    CompletableFuture<Integer> running = drain;
    if (running != null) {
      running.complete(proxy.openConnections());
    }
    over.countDown();
  }

  /** Waits for the end; the exit code. */
  int await() {
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return failed ? ExitCode.FAILED : ExitCode.OK;
  }

  @Override
  public void drainListeners() {
    // Closing waits for the event loops, and this is one.
    new Thread(this::closeListeners, "zoneproxy-drain-listeners").start();
  }

  private void closeListeners() {
    proxy.closeListeners();
    log.info("listeners are closed: {} connections are open", proxy.openConnections());
  }

  @Override
  public void failHealthCheck(boolean fail) {
    proxy.failReadiness(fail);
  }

  @Override
  public void quit() {
    over.countDown();
  }

  @Override
  public void close() {
    over.countDown();
  }
}
