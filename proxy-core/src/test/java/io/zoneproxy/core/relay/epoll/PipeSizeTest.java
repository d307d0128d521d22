package io.zoneproxy.core.relay.epoll;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.epoll.Epoll;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** The kernel's answers, by the real call; refusals for want of quota: UnprivilegedUserTest. */
final class PipeSizeTest {
  static {
    Epoll.ensureAvailability(); // loads the native library, which makes pipes
  }

  private final PipeSize size = PipeSize.load();

  /** What goes in before a write would block. */
  private static int room(KernelPipe pipe) throws Exception {
    ByteBuffer block = ByteBuffer.allocateDirect(4 << 20);
    return pipe.entry().write(block, 0, block.capacity());
  }

  @Test
  void enlargesAPipeForReal() throws Exception {
    KernelPipe pipe = KernelPipe.open(PipeSize.DEFAULT_BYTES);
    try {
      assertThat(size.set(pipe.entry().intValue(), PipePool.FIRST_BYTES))
          .isEqualTo(PipePool.FIRST_BYTES);
      assertThat(size.set(pipe.exit().intValue(), PipePool.LARGE_BYTES))
          .isEqualTo(PipePool.LARGE_BYTES);
      assertThat(room(pipe)).isEqualTo(PipePool.LARGE_BYTES);
    } finally {
      pipe.close();
    }
  }

  @Test
  void saysTheSizeThatAPipeHasWhenTheKernelRefuses() throws Exception {
    KernelPipe pipe = KernelPipe.open(PipeSize.DEFAULT_BYTES);
    try {
      int had = size.set(pipe.entry().intValue(), PipePool.FIRST_BYTES);
      assertThat(room(pipe)).isEqualTo(had);
      // It is full: less than what is in it cannot be had (EBUSY).
      assertThat(size.set(pipe.entry().intValue(), 4096)).isEqualTo(had);
    } finally {
      pipe.close();
    }
  }

  @Test
  void leavesPipesAsTheyWereMadeWithoutTheLibrary() throws Exception {
    KernelPipe pipe = KernelPipe.open(PipeSize.DEFAULT_BYTES);
    try {
      assertThat(PipeSize.FIXED.set(pipe.entry().intValue(), PipePool.LARGE_BYTES))
          .isEqualTo(PipeSize.DEFAULT_BYTES);
      assertThat(room(pipe)).isEqualTo(PipeSize.DEFAULT_BYTES);
    } finally {
      pipe.close();
    }
  }
}
