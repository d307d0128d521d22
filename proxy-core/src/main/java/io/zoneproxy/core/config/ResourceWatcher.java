package io.zoneproxy.core.config;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads resource files again when they change, within a second of the change's end.
 *
 * <p>It looks at them at an interval. The kernel's notifications are no help: they miss the turn of
 * a symbolic link, by which Kubernetes changes a folder, and everything on a network file system. A
 * change is read when two looks in a row find the same, so that a file being written is not read
 * half. Who writes slower than that should rename the whole file into place. A folder that changes
 * at every look is read all the same after a second: waiting for calm could last for ever.
 */
public final class ResourceWatcher implements AutoCloseable {
  /** A change is seen at one look and read at the next: half a second, of the 2 s promised. */
  private static final long INTERVAL_MILLIS = 250;

  /** A second: what is left of the 2 s is for reading, translating and applying. */
  private static final int MOST_RESTLESS_LOOKS = 4;

  private static final Logger log = LoggerFactory.getLogger(ResourceWatcher.class);

  private final ResourceFolder folder;
  private final Consumer<Loaded> listener;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;
  private Optional<FolderScan> unsettled = Optional.empty();
  private int restlessLooks;
  private boolean hadErrors;

  /**
   * Does nothing until {@link #start}.
   *
   * @param folder loaded by the caller before; a change since then counts
   * @param listener told, on the watcher's thread, of each load that changed the resources, found
   *     problems, or found the last ones mended; may block, which only delays the next look
   */
  public ResourceWatcher(ResourceFolder folder, Consumer<Loaded> listener) {
    this.folder = folder;
    this.listener = listener;
    this.thread = new Thread(this::run, "zoneproxy-watch");
    thread.setDaemon(true);
  }

  /** Begins to look, on a daemon thread of its own; once. */
  public void start() {
    thread.start();
  }

  /** Ends the thread and does not wait for it: the listener may still be told of one load. */
  @Override
  public void close() {
    closed.countDown();
  }

  /** Whether the thread is alive. */
  boolean isRunning() {
    return thread.isAlive();
  }

  /** One look. */
  void poll() {
    FolderScan found = FolderScan.of(folder.root());
    boolean settled = unsettled.equals(Optional.of(found));
    if (found.equals(folder.scan())) {
      calm();
    } else if (settled || ++restlessLooks > MOST_RESTLESS_LOOKS) {
      calm();
      tell(folder.load(found));
    } else {
      unsettled = Optional.of(found);
    }
  }

  private void calm() {
    unsettled = Optional.empty();
    restlessLooks = 0;
  }

  private void tell(Loaded loaded) {
    boolean mended = hadErrors && !loaded.hasErrors();
    hadErrors = loaded.hasErrors();
    if (loaded.changed() || mended || !loaded.problems().isEmpty()) {
      listener.accept(loaded);
    }
  }

  private void run() {
    try {
      while (!closed.await(INTERVAL_MILLIS, TimeUnit.MILLISECONDS)) {
        pollAndGoOn();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody but the JVM's end interrupts this thread
    }
  }

  private void pollAndGoOn() {
    try {
      poll();
    } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
      // The listener is not ours, and a file may be too large for this heap: neither must end hot
      // reload for good.
      log.error("resources={} reload=failed, the last good ones stay in force", folder.root(), e);
    }
  }
}
