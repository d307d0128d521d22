package io.zoneproxy.core.relay.epoll;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class KernelPipeTest {
  static {
    Epoll.ensureAvailability(); // loads the native library, which makes pipes
  }

  private static final int CAPACITY = 64 * 1024;

  /** Asks the kernel, not the book. */
  static boolean isEmpty(KernelPipe pipe) throws IOException {
    return pipe.exit().read(ByteBuffer.allocateDirect(1), 0, 1) == 0;
  }

  @Test
  void isMadeEmptyAndNeverBlocks() throws Exception {
    KernelPipe pipe = KernelPipe.open(CAPACITY);
    assertThat(isEmpty(pipe)).isTrue();
    assertThat(pipe.bytes()).isZero();
    assertThat(pipe.capacity()).isEqualTo(CAPACITY);
    ByteBuffer block = ByteBuffer.allocateDirect(4 * CAPACITY);
    assertThat(pipe.entry().write(block, 0, block.capacity())).isLessThan(block.capacity());
    assertThat(pipe.entry().write(block, 0, 1)).isZero();
    pipe.close();
  }

  @Test
  void keepsCountOfWhatIsInIt() throws Exception {
    KernelPipe pipe = KernelPipe.open(CAPACITY);
    pipe.put(100);
    pipe.put(50);
    pipe.took(120);
    assertThat(pipe.bytes()).isEqualTo(30);
    pipe.took(30);
    assertThat(pipe.bytes()).isZero();
    assertThat(pipe.timesFilled()).isZero();
    pipe.close();
  }

  @Test
  void countsHowOftenItWasWellFilled() throws Exception {
    KernelPipe pipe = KernelPipe.open(CAPACITY);
    for (int i = 0; i < 3; i++) {
      pipe.put(CAPACITY);
      pipe.took(CAPACITY);
      pipe.put(10);
      pipe.took(10);
    }
    assertThat(pipe.timesFilled()).isEqualTo(3);
    pipe.close();
  }

  @Test
  void closesBothEndsAndMayBeClosedAgain() throws Exception {
    KernelPipe pipe = KernelPipe.open(CAPACITY);
    pipe.close();
    assertThat(pipe.exit().isOpen()).isFalse();
    assertThat(pipe.entry().isOpen()).isFalse();
    pipe.close();
  }
}
