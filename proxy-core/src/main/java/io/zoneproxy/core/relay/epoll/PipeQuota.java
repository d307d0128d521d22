package io.zoneproxy.core.relay.epoll;

import io.zoneproxy.core.config.DescriptorBudget;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much memory the pipes of all event loops may have. The kernel counts a pipe's whole size,
 * full or empty, against its user, and makes pipes of two pages for one who is over the limit
 * (pipe(7), "/proc/sys/fs/pipe-user-pages-soft"). Any thread.
 */
final class PipeQuota {
  private static final Path SOFT_LIMIT = Path.of("/proc/sys/fs/pipe-user-pages-soft");
  private static final long PAGE_BYTES = 4096;
  private static final long DEFAULT_PAGES = 16_384; // of kernels since 4.5

  private final long limit;
  private final AtomicLong taken = new AtomicLong();

  /**
   * @param limit in bytes
   */
  PipeQuota(long limit) {
    this.limit = limit;
  }

  /**
   * Three quarters of the user's limit, for other programs of the user need pipes, too; and no more
   * than fills the pipes that there are descriptors for.
   */
  static PipeQuota ofUser() {
    long memory = softLimitPages() * PAGE_BYTES / 4 * 3;
    long pipes = DescriptorBudget.ofProcess().pipes();
    return new PipeQuota(Math.min(memory, pipes * PipePool.FIRST_BYTES));
  }

  private static long softLimitPages() {
    // Not readString: it reads a single byte first, and the kernel gives no more after that.
    try (BufferedReader file = Files.newBufferedReader(SOFT_LIMIT)) {
      long pages = Long.parseLong(file.readLine());
      return pages == 0 ? DEFAULT_PAGES : pages; // 0 = no limit, and ours must have one
    } catch (IOException | NumberFormatException e) {
      return DEFAULT_PAGES; // no /proc in this container
    }
  }

  /** Takes bytes if there are as many left; {@link #giveBack} is owed. */
  boolean take(int bytes) {
    if (taken.addAndGet(bytes) > limit) {
      giveBack(bytes);
      return false;
    }
    return true;
  }

  /** As {@link #take}, from the first half only: growing must not leave others without a pipe. */
  boolean takeIfPlenty(int bytes) {
    return taken.get() + bytes <= limit / 2 && take(bytes);
  }

  void giveBack(int bytes) {
    taken.addAndGet(-bytes);
  }

  /** Bytes taken now. */
  long taken() {
    return taken.get();
  }
}
