package io.zoneproxy.core.relay.epoll;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class PipePoolTest {
  static {
    Epoll.ensureAvailability(); // loads the native library, which makes pipes
  }

  private static final int FIRST = PipePool.FIRST_BYTES;
  private static final int LARGE = PipePool.LARGE_BYTES;

  /** As often as a pipe must be well filled to grow. */
  private static final int TIMES = 8;

  private final EmbeddedChannel clock = new EmbeddedChannel();
  private final List<Integer> sizesAsked = new ArrayList<>();
  private PipeQuota quota = new PipeQuota(16L * LARGE);
  private PipeSize size = this::grant;
  private PipePool pool;

  @BeforeEach
  void freeze() {
    clock.freezeTime();
    open(quota);
  }

  @AfterEach
  void close() {
    pool.close();
    assertThat(quota.taken()).isZero();
    clock.finishAndReleaseAll();
  }

  private void open(PipeQuota with) {
    quota = with;
    pool = new PipePool(clock.eventLoop(), with, () -> size);
  }

  private int grant(int descriptor, int bytes) {
    assertThat(descriptor).isNotNegative();
    sizesAsked.add(bytes);
    return bytes;
  }

  private KernelPipe borrow() {
    return Objects.requireNonNull(pool.borrow());
  }

  private void pass(long millis) {
    clock.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
    clock.runScheduledPendingTasks();
    clock.checkException();
  }

  @Test
  void lendsFirstWhatWasGivenBackLast() {
    KernelPipe one = borrow();
    KernelPipe two = borrow();
    assertThat(one).isNotSameAs(two);
    pool.giveBack(one);
    pool.giveBack(two);
    assertThat(pool.borrow()).isSameAs(two);
    assertThat(pool.borrow()).isSameAs(one);
    pool.discard(one);
    pool.discard(two);
  }

  @Test
  void countsEveryPipeAgainstTheQuota() {
    KernelPipe one = borrow();
    KernelPipe two = borrow();
    assertThat(quota.taken()).isEqualTo(2L * FIRST);
    pool.giveBack(one);
    assertThat(quota.taken()).isEqualTo(2L * FIRST); // full or empty: the kernel does the same
    pool.discard(two);
    assertThat(quota.taken()).isEqualTo(FIRST);
  }

  @Test
  void countsWhatThePipeGotWhenItIsLessThanItAskedFor() {
    size = PipeSize.FIXED;
    KernelPipe pipe = borrow();
    assertThat(pipe.capacity()).isEqualTo(PipeSize.DEFAULT_BYTES);
    assertThat(quota.taken()).isEqualTo(PipeSize.DEFAULT_BYTES);
    pool.discard(pipe);
  }

  @Test
  void lendsNothingBeyondTheQuota() {
    open(new PipeQuota(2L * FIRST));
    KernelPipe one = borrow();
    KernelPipe two = borrow();
    assertThat(pool.borrow()).isNull();
    assertThat(quota.taken()).isEqualTo(2L * FIRST);
    pool.discard(one);
    KernelPipe three = borrow();
    assertThat(pool.borrow()).isNull();
    pool.discard(two);
    pool.discard(three);
  }

  @Test
  void lendsNoPipeThatIsTooSmallToBeWorthIt() {
    size = (descriptor, bytes) -> 8192; // what a user over the kernel's limit gets
    assertThat(pool.borrow()).isNull();
    assertThat(quota.taken()).isZero();
  }

  @Test
  void closesWhatNobodyNeededForASecond() {
    KernelPipe busy = borrow();
    KernelPipe spare = borrow();
    pool.giveBack(spare);
    pool.giveBack(busy);
    pass(500);
    assertThat(pool.borrow()).isSameAs(busy);
    pool.giveBack(busy);
    pass(500); // the first second: nothing had been idle for all of it
    assertThat(quota.taken()).isEqualTo(2L * FIRST);
    pass(500);
    assertThat(pool.borrow()).isSameAs(busy);
    pool.giveBack(busy);
    pass(500);
    assertThat(spare.exit().isOpen()).isFalse();
    assertThat(busy.exit().isOpen()).isTrue();
    assertThat(quota.taken()).isEqualTo(FIRST);
    pass(1000);
    assertThat(quota.taken()).isZero();
  }

  @Test
  void keepsWhatIsNeededEverySecond() {
    KernelPipe pipe = borrow();
    for (int i = 0; i < 20; i++) {
      pool.giveBack(pipe);
      pass(300);
      assertThat(pool.borrow()).isSameAs(pipe);
    }
    pool.discard(pipe);
  }

  @Test
  void sleepsWhenItHasNothingToTrimAndWakesWithTheNextPipe() {
    pool.giveBack(borrow());
    pass(1000);
    pass(1000);
    assertThat(quota.taken()).isZero();
    assertThat(clock.runScheduledPendingTasks()).isEqualTo(-1); // no task is left
    pool.giveBack(borrow());
    pass(1000);
    pass(1000);
    assertThat(quota.taken()).isZero();
  }

  @Test
  void enlargesAPipeThatWasWellFilledSeveralTimesAndAsksOnce() {
    KernelPipe pipe = borrow();
    for (int i = 1; i <= 2 * TIMES; i++) {
      assertThat(pipe.capacity()).isEqualTo(i <= TIMES ? FIRST : LARGE);
      pipe.put(FIRST);
      pipe.took(FIRST);
      pool.giveBack(pipe);
      assertThat(pool.borrow()).isSameAs(pipe);
    }
    assertThat(sizesAsked).containsExactly(FIRST, LARGE);
    assertThat(quota.taken()).isEqualTo(LARGE);
    pool.discard(pipe);
  }

  @Test
  void leavesAPipeAsItIsThatIsNotFilled() {
    KernelPipe pipe = borrow();
    for (int i = 0; i < 10 * TIMES; i++) {
      pipe.put(1000);
      pipe.took(1000);
      pool.giveBack(pipe);
      assertThat(pool.borrow()).isSameAs(pipe);
    }
    assertThat(sizesAsked).containsExactly(FIRST);
    pool.discard(pipe);
  }

  @Test
  void leavesAPipeAsItIsWhenTheQuotaOrTheKernelHasNoMore() {
    open(new PipeQuota(2L * FIRST));
    KernelPipe pipe = borrow();
    fill(pipe);
    assertThat(pipe.capacity()).isEqualTo(FIRST);
    assertThat(quota.taken()).isEqualTo(FIRST);
    pool.discard(pipe);

    open(new PipeQuota(16L * LARGE));
    size = (descriptor, bytes) -> FIRST; // refused
    pipe = borrow();
    fill(pipe);
    assertThat(pipe.capacity()).isEqualTo(FIRST);
    assertThat(quota.taken()).isEqualTo(FIRST);
    pool.discard(pipe);
  }

  private void fill(KernelPipe pipe) {
    for (int i = 0; i < 2 * TIMES; i++) {
      pipe.put(FIRST);
      pipe.took(FIRST);
      pool.giveBack(pipe);
      assertThat(pool.borrow()).isSameAs(pipe);
    }
  }

  @Test
  void neverLendsAPipeThatWasDiscarded() throws IOException {
    KernelPipe dirty = borrow();
    dirty.entry().write(ByteBuffer.allocateDirect(10), 0, 10);
    dirty.put(10);
    pool.discard(dirty);
    assertThat(dirty.exit().isOpen()).isFalse();
    KernelPipe next = borrow();
    assertThat(next).isNotSameAs(dirty);
    assertThat(KernelPipeTest.isEmpty(next)).isTrue();
    pool.giveBack(next);
  }

  @Test
  void closesEveryPipeWhenNobodyIsLeft() {
    KernelPipe idle = borrow();
    KernelPipe lent = borrow();
    pool.giveBack(idle);
    pool.close();
    assertThat(idle.exit().isOpen()).isFalse();
    assertThat(quota.taken()).isEqualTo(FIRST);
    pool.giveBack(lent);
    assertThat(lent.exit().isOpen()).isFalse();
    assertThat(quota.taken()).isZero();
  }

  @Test
  void hasNothingToTrimAfterItIsClosed() {
    List<KernelPipe> lent = List.of(borrow(), borrow(), borrow());
    lent.forEach(pool::giveBack);
    pass(1000);
    pool.close();
    pass(1000);
    assertThat(quota.taken()).isZero();
    assertThat(clock.runScheduledPendingTasks()).isEqualTo(-1);
  }
}
