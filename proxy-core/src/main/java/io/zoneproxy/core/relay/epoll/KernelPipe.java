package io.zoneproxy.core.relay.epoll;

import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;

/** A kernel pipe for splicing. Its borrower owns it, with what is in it. On one event loop only. */
final class KernelPipe {
  private final FileDescriptor exit;
  private final FileDescriptor entry;
  private int capacity;
  private int bytes;
  private int timesFilled;

  /**
   * A pipe runs out of pages before it runs out of bytes when they come in small pieces: those of
   * an Ethernet frame fill a third of each page.
   */
  private static final int WELL_FILLED = 4;

  private KernelPipe(FileDescriptor exit, FileDescriptor entry, int capacity) {
    this.exit = exit;
    this.entry = entry;
    this.capacity = capacity;
  }

  /**
   * A new one, of the size that the kernel gives.
   *
   * @param capacity taken to be that size until {@link #resized} says it
   */
  static KernelPipe open(int capacity) throws IOException {
    FileDescriptor[] ends = FileDescriptor.pipe(); // not blocking
    return new KernelPipe(ends[0], ends[1], capacity);
  }

  /** Bytes are taken out here. */
  FileDescriptor exit() {
    return exit;
  }

  /** Bytes are put in here. */
  FileDescriptor entry() {
    return entry;
  }

  /** Most bytes it can hold; fewer when they come in small pieces, each of which takes a page. */
  int capacity() {
    return capacity;
  }

  void resized(int now) {
    capacity = now;
  }

  int bytes() {
    return bytes;
  }

  void put(int more) {
    bytes += more;
    if (bytes >= capacity / WELL_FILLED) {
      timesFilled++;
    }
  }

  void took(int gone) {
    bytes -= gone;
  }

  /** How often it was filled with about as much as it can hold. */
  int timesFilled() {
    return timesFilled;
  }

  /** Begins to count {@link #timesFilled} again. */
  void countAnew() {
    timesFilled = 0;
  }

  /** Closes both ends; what is in it is lost. */
  void close() {
    close(exit);
    close(entry);
  }

  private static void close(FileDescriptor end) {
    try {
      end.close();
    } catch (IOException e) {
      // Linux frees the descriptor whatever close() says.
    }
  }
}
