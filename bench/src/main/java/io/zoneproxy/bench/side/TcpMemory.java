package io.zoneproxy.bench.side;

import io.zoneproxy.bench.proc.Proc;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * The machine's memory in TCP buffers. A proxy that leaves data in pipes or dead sockets holds it,
 * and slows down whoever is measured next.
 */
final class TcpMemory {
  /** CPUs keep up to a few MB for themselves before they tell the common counter. */
  static final long ALLOWANCE_BYTES = 32L << 20;

  private static final int PATIENCE_SECONDS = 10;
  private static final int LOOK_MILLIS = 50;

  private final long floorBytes = bytes();

  /** What is held now. */
  static long bytes() {
    return Proc.HERE.sockets().memoryBytes();
  }

  /** Waits until it is back where it was at the beginning, and tells what it is. */
  long settle() throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!isLow() && System.nanoTime() < deadline) {
      try {
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
    return bytes();
  }

  /** Whether it is back where it was at the beginning. */
  boolean isLow() {
    return bytes() <= floorBytes + ALLOWANCE_BYTES;
  }
}
