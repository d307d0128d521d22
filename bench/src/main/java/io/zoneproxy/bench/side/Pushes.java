package io.zoneproxy.bench.side;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Configuration pushes: a resource file of zoneproxy, written anew and renamed into place. */
final class Pushes implements AutoCloseable {
  static final int PER_SECOND = 100;

  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final Place place;
  private final Path file;
  private final Path draft;
  private final AtomicInteger written = new AtomicInteger();

  private Pushes(Place place) {
    this.place = place;
    this.file = Zoneproxy.resources(place).resolve("pushed.yaml");
    this.draft = place.folder().resolve("pushed.draft");
  }

  /** Begins to push. */
  static Pushes start(Place place) {
    Pushes pushes = new Pushes(place);
    long pause = TimeUnit.SECONDS.toNanos(1) / PER_SECOND;
    var unused = pushes.thread.scheduleAtFixedRate(pushes::push, 0, pause, TimeUnit.NANOSECONDS);
    return pushes;
  }

  /** Each differs from the one before: another service appears, the last one goes. */
  private void push() {
    try {
      String text = Zoneproxy.service("pushed-" + written.get(), place.upstreamPort());
      Files.writeString(draft, text);
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
      written.incrementAndGet();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How many so far. */
  int written() {
    return written.get();
  }

  /** Ends them, and takes the file away. */
  @Override
  public void close() throws IOException {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(1, TimeUnit.SECONDS)) {
        throw new IOException("a push does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    Files.deleteIfExists(file);
  }
}
