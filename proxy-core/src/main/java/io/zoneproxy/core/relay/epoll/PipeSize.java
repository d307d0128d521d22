package io.zoneproxy.core.relay.epoll;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;

/**
 * Sets the size of pipes: the one call that Netty has not, {@code fcntl(2)}. It is made through JNA
 * and at most twice in a pipe's life, so its cost does not count. Any thread.
 */
interface PipeSize {
  /** What Linux gives a pipe: 16 pages, as in pipe(7). */
  int DEFAULT_BYTES = 64 * 1024;

  /** Where JNA does not run: every pipe stays as it was made. */
  PipeSize FIXED = (descriptor, bytes) -> DEFAULT_BYTES;

  /**
   * Asks for a size.
   *
   * @param descriptor either end
   * @param bytes the size wished, a power of two
   * @return the size it has now, which is smaller when the kernel refused
   */
  int set(int descriptor, int bytes);

  /** Loads the C library; takes about 80 ms, so never on an event loop. */
  static PipeSize load() {
    LibC libc = Native.load("c", LibC.class);
    return (descriptor, bytes) -> set(libc, descriptor, bytes);
  }

  private static int set(LibC libc, int descriptor, int bytes) {
    try {
      return libc.fcntl(descriptor, LibC.F_SETPIPE_SZ, bytes);
    } catch (LastErrorException refused) { // EPERM: the user's quota of pipe pages is used up
      return libc.fcntl(descriptor, LibC.F_GETPIPE_SZ);
    }
  }

  /** For JNA. */
  interface LibC extends Library {
    int F_SETPIPE_SZ = 1031; // of <linux/fcntl.h>
    int F_GETPIPE_SZ = 1032;

    /** As in fcntl(2). */
    int fcntl(int descriptor, int command, Object... argument) throws LastErrorException;
  }
}
