package io.zoneproxy.core.observe.access;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A file that is opened when there is something to write, and tried again when that fails. */
final class RetryingFileSink implements LogSink {
  /** As often as an open file is looked after: a folder that is made meanwhile is found soon. */
  private static final long RETRY_NANOS = Duration.ofSeconds(1).toNanos();

  private final Path path;
  private @Nullable FileSink file;
  private long triedAtNanos = System.nanoTime() - RETRY_NANOS;

  RetryingFileSink(Path path) {
    this.path = path;
  }

  @Override
  public String name() {
    return path.toString();
  }

  @Override
  public boolean ready() throws IOException {
    if (file != null) {
      return true;
    }
    long now = System.nanoTime();
    if (now - triedAtNanos < RETRY_NANOS) {
      return false;
    }
    triedAtNanos = now;
    file = FileSink.open(path);
    return true;
  }

  @Override
  public void write(byte[] lines) throws IOException {
    if (file == null) {
      throw new IOException("not open");
    }
    file.write(lines);
  }

  @Override
  public void flush() {}

  @Override
  public void refresh() throws IOException {
    if (file != null) {
      file.refresh();
    }
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
