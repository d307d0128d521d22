package io.zoneproxy.core.relay.epoll;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.zoneproxy.core.relay.epoll.Direction.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One direction, from a client to a service, driven by hand. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // it pumps in loops
final class DirectionTest {
  private static final long PLENTY = 64L << 20;
  private static final int SMALL_BUFFER = 4096;
  private static final int BULK = 8 << 20;

  private static final int BLOCK = 64 * 1024;

  private Rig rig;

  @BeforeEach
  void open() throws IOException {
    rig = new Rig(PLENTY); // and no event has said that the service is writable
  }

  @AfterEach
  void close() throws IOException {
    rig.close();
  }

  private void rig(long quota, int sendBuffer) throws IOException {
    rig.close();
    rig = new Rig(quota, sendBuffer);
    Rig.ready(rig.upstream, Rig.OUT);
  }

  private static byte[] random(int bytes) {
    byte[] made = new byte[bytes];
    new Random(bytes).nextBytes(made);
    return made;
  }

  private void write(byte[] bytes) {
    try {
      for (int at = 0; at < bytes.length; at += BLOCK) {
        ByteBuffer left = ByteBuffer.wrap(bytes, at, Math.min(BLOCK, bytes.length - at));
        while (left.hasRemaining()) {
          rig.client.write(left);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] read(SocketChannel from, int bytes) {
    try {
      ByteBuffer got = ByteBuffer.allocate(bytes);
      while (got.hasRemaining() && from.read(got) >= 0) {
        Thread.onSpinWait();
      }
      return java.util.Arrays.copyOf(got.array(), got.position());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Pumps after a hint that bytes have come; on loopback they are there soon, but not at once. */
  private Outcome pumpIn() {
    Rig.ready(rig.downstream, Rig.IN);
    return rig.up.pump();
  }

  private void pumpUntilMoved(long bytes) {
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(
            () -> {
              pumpIn();
              return rig.moved() >= bytes;
            });
  }

  /** Sends bytes through it while both ends are busy, and compares. */
  private void passes(byte[] bytes) {
    CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> write(bytes));
    CompletableFuture<byte[]> reader =
        CompletableFuture.supplyAsync(() -> read(rig.service, bytes.length));
    relayUntilDone(writer, reader);
    assertThat(java.util.Arrays.equals(reader.join(), bytes)).isTrue();
    assertThat(rig.up.holds()).isFalse();
  }

  /**
   * Bulk until what is little is spliced as well. How many bytes a readiness brings is the kernel's
   * affair, and on a busy machine the last ones may be small enough to speak for copying.
   */
  private void bulkUntilItSplices() {
    await()
        .pollDelay(Duration.ZERO)
        .until(
            () -> {
              passes(random(BULK));
              return usesAPipe(random(1000));
            });
  }

  private void relayUntilDone(CompletableFuture<Void> writer, CompletableFuture<byte[]> reader) {
    while (!reader.isDone()) {
      Rig.ready(rig.upstream, Rig.OUT);
      pumpIn();
    }
    writer.join();
  }

  @Test
  void copiesLittleWithoutAPipe() throws Exception {
    rig(PLENTY, 0);
    write("hello".getBytes(UTF_8));
    pumpUntilMoved(5);
    assertThat(rig.up.pump()).isEqualTo(Outcome.WAITING);
    assertThat(read(rig.service, 5)).asString(UTF_8).isEqualTo("hello");
    assertThat(rig.up.holds()).isFalse();
    assertThat(rig.downstream.readable()).isFalse();
    assertThat(rig.quota.taken()).isZero();
  }

  @Test
  void waitsWhenAnEventBroughtNothing() throws Exception {
    rig(PLENTY, 0);
    assertThat(pumpIn()).isEqualTo(Outcome.WAITING);
    assertThat(rig.downstream.readable()).isFalse();
    assertThat(rig.moved()).isZero();
  }

  @Test
  void sendsWhatItWasGivenBeforeAllOthers() throws Exception {
    rig(PLENTY, 0);
    ByteBuf hello = Unpooled.directBuffer().writeBytes("hello ".getBytes(UTF_8));
    rig.up.hold(hello);
    assertThat(rig.up.holds()).isTrue();
    write("world".getBytes(UTF_8));
    pumpUntilMoved(5);
    assertThat(read(rig.service, 11)).asString(UTF_8).isEqualTo("hello world");
    assertThat(hello.refCnt()).isZero();
  }

  @Test
  void readsNothingAsLongAsTheSinkTakesNothing() throws Exception {
    write("hello".getBytes(UTF_8));
    for (int i = 0; i < 10; i++) {
      assertThat(pumpIn()).isEqualTo(Outcome.WAITING);
    }
    assertThat(rig.moved()).isZero();
    assertThat(rig.downstream.readable()).isTrue();
    Rig.ready(rig.upstream, Rig.OUT);
    pumpUntilMoved(5);
    assertThat(read(rig.service, 5)).asString(UTF_8).isEqualTo("hello");
  }

  /** Fills it until the sink takes no more; returns what the client has to write after all. */
  private CompletableFuture<Void> stall(byte[] bytes) {
    CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> write(bytes));
    await()
        .pollInterval(Duration.ofMillis(1))
        .until(
            () -> {
              pumpIn();
              return rig.up.holds();
            });
    return writer;
  }

  @Test
  void holdsWhatTheSinkDoesNotTakeAndReadsNoMoreUntilItIsSent() throws Exception {
    rig(0, SMALL_BUFFER);
    byte[] bytes = random(1 << 20);
    CompletableFuture<Void> writer = stall(bytes);
    long before = rig.moved();
    for (int i = 0; i < 100; i++) {
      assertThat(pumpIn()).isEqualTo(Outcome.WAITING);
      assertThat(rig.up.holds()).isTrue();
    }
    assertThat(rig.moved()).isEqualTo(before).isLessThan(bytes.length);
    assertThat(rig.upstream.writable()).isFalse();
    finish(writer, bytes);
  }

  @Test
  void holdsInThePipeWhatTheSinkDoesNotTake() throws Exception {
    rig(PLENTY, SMALL_BUFFER);
    bulkUntilItSplices();
    byte[] bytes = random(1 << 20);
    CompletableFuture<Void> writer = stall(bytes);
    long before = rig.moved();
    long pipes = rig.quota.taken();
    assertThat(pipes).isPositive();
    for (int i = 0; i < 100; i++) {
      pumpIn();
      rig.pass(1000);
    }
    assertThat(rig.moved()).isEqualTo(before);
    assertThat(rig.quota.taken()).isPositive();
    finish(writer, bytes);
  }

  private void finish(CompletableFuture<Void> writer, byte[] bytes) {
    CompletableFuture<byte[]> reader =
        CompletableFuture.supplyAsync(() -> read(rig.service, bytes.length));
    relayUntilDone(writer, reader);
    assertThat(java.util.Arrays.equals(reader.join(), bytes)).isTrue();
  }

  @Test
  void saysEofOnlyWhenAllBeforeItIsDelivered() throws Exception {
    rig(0, SMALL_BUFFER);
    byte[] bytes = random(200_000);
    CompletableFuture<Void> writer = stall(bytes);
    CompletableFuture<byte[]> reader =
        CompletableFuture.supplyAsync(() -> read(rig.service, bytes.length));
    Rig.ready(rig.downstream, Rig.RDHUP);
    writer.thenRun(() -> shutOutput(rig.client));
    Outcome last = Outcome.WAITING;
    while (last == Outcome.WAITING) {
      Rig.ready(rig.upstream, Rig.OUT);
      Rig.ready(rig.downstream, Rig.IN, Rig.RDHUP);
      last = rig.up.pump();
    }
    assertThat(last).isEqualTo(Outcome.EOF);
    assertThat(rig.moved()).isEqualTo(bytes.length);
    assertThat(rig.up.holds()).isFalse();
    assertThat(java.util.Arrays.equals(reader.join(), bytes)).isTrue();
    assertThat(rig.up.pump()).isEqualTo(Outcome.EOF);
  }

  private static void shutOutput(SocketChannel channel) {
    try {
      channel.shutdownOutput();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void findsTheFinBehindBytesThatItSplices() throws Exception {
    rig(PLENTY, 0);
    passes(random(BULK));
    byte[] tail = random(100_000);
    write(tail);
    rig.client.shutdownOutput();
    Outcome last = Outcome.WAITING;
    while (last == Outcome.WAITING) {
      Rig.ready(rig.downstream, Rig.IN, Rig.RDHUP);
      Rig.ready(rig.upstream, Rig.OUT);
      last = rig.up.pump();
    }
    assertThat(last).isEqualTo(Outcome.EOF);
    assertThat(read(rig.service, tail.length)).isEqualTo(tail);
  }

  @Test
  void splicesBulkThroughAPipeThatItGivesBack() throws Exception {
    rig(PLENTY, 0);
    passes(random(BULK));
    assertThat(rig.quota.taken()).isEqualTo(PipeSize.DEFAULT_BYTES);
    assertThat(rig.moved()).isEqualTo(BULK);
    rig.pass(1000);
    rig.pass(1000);
    assertThat(rig.quota.taken()).isZero();
  }

  @Test
  void copiesAgainAfterSeveralReadinessesThatBroughtLittle() throws Exception {
    rig(PLENTY, 0);
    bulkUntilItSplices(); // and one small answer between two large ones changes nothing
    byte[] little = random(1000);
    int spliced = 1;
    while (usesAPipe(little)) {
      spliced++;
      assertThat(spliced).isLessThan(100);
    }
    assertThat(usesAPipe(little)).isFalse();
  }

  private boolean usesAPipe(byte[] bytes) {
    rig.pass(1000);
    rig.pass(1000);
    assertThat(rig.quota.taken()).isZero();
    write(bytes);
    pumpUntilMoved(rig.moved() + bytes.length);
    assertThat(read(rig.service, bytes.length)).isEqualTo(bytes);
    return rig.quota.taken() > 0;
  }

  @Test
  void splicesAgainAfterItHasCopied() throws Exception {
    rig(PLENTY, 0);
    byte[] little = random(1000);
    for (int round = 0; round < 3; round++) {
      bulkUntilItSplices();
      while (usesAPipe(little)) {
        assertThat(rig.moved()).isPositive();
      }
    }
  }

  @Test
  void copiesBulkWhenNoPipeIsLeft() throws Exception {
    rig(0, 0);
    passes(random(BULK));
    assertThat(rig.quota.taken()).isZero();
    passes(random(BULK));
  }

  @Test
  void letsOthersHaveTheirTurnAfterAWhile() throws Exception {
    rig(PLENTY, 0);
    AtomicLong read = new AtomicLong();
    Thread writer = new Thread(() -> writeForEver(rig.client));
    Thread reader = new Thread(() -> readForEver(rig.service, read));
    writer.start();
    reader.start();
    // The kernel's buffers grow with use; then a pause fills one and empties the other.
    await()
        .atMost(Duration.ofSeconds(40)) // it needs luck, and others may want the processors too
        .pollInterval(Duration.ofMillis(10))
        .until(
            () -> {
              Rig.ready(rig.upstream, Rig.OUT);
              long before = rig.moved();
              return pumpIn() == Outcome.WAITING
                  && rig.moved() - before >= Direction.TURN_BYTES
                  && rig.upstream.writable()
                  && !rig.up.holds();
            });
    assertThat(rig.downstream.readable()).isFalse(); // until epoll says so again
    long before = rig.moved();
    pumpIn();
    assertThat(rig.moved()).isGreaterThan(before);
    rig.client.close();
    rig.service.close();
    writer.join();
    reader.join();
  }

  private static void writeForEver(SocketChannel to) {
    try {
      ByteBuffer block = ByteBuffer.allocateDirect(1 << 20);
      while (to.write(block.clear()) >= 0) {
        Thread.onSpinWait();
      }
    } catch (IOException e) {
      // The test has closed it.
    }
  }

  private static void readForEver(SocketChannel from, AtomicLong read) {
    try {
      ByteBuffer block = ByteBuffer.allocateDirect(1 << 20);
      for (int n = 0; n >= 0; n = from.read(block.clear())) {
        read.addAndGet(n);
      }
    } catch (IOException e) {
      // The test has closed it.
    }
  }

  private static void reset(SocketChannel channel) throws IOException {
    channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    channel.close();
  }

  @Test
  void saysThatTheSourceWasReset() throws Exception {
    rig(PLENTY, 0);
    reset(rig.client);
    await().until(() -> pumpIn() == Outcome.SOURCE_FAILED);
    assertThat(rig.downstream.failure()).hasMessageContaining("reset");
    assertThat(rig.upstream.failure()).isNull();
  }

  @Test
  void saysThatTheSinkWasReset() throws Exception {
    rig(PLENTY, 0);
    reset(rig.service);
    await()
        .until(
            () -> {
              write(new byte[] {1});
              return pumpIn() == Outcome.SINK_FAILED;
            });
    assertThat(rig.upstream.failure()).isNotNull();
    assertThat(rig.downstream.failure()).isNull();
  }

  @Test
  void saysThatASpliceHasFailedOnEitherSide() throws Exception {
    rig(PLENTY, 0);
    bulkUntilItSplices();
    reset(rig.service);
    await()
        .until(
            () -> {
              write(new byte[] {1});
              return pumpIn() == Outcome.SINK_FAILED;
            });
    rig.up.close();
    rig.pass(1000);
    rig.pass(1000);
    assertThat(rig.quota.taken()).isZero();
    rig(PLENTY, 0);
    bulkUntilItSplices();
    reset(rig.client);
    await().until(() -> pumpIn() == Outcome.SOURCE_FAILED);
    assertThat(rig.up.holds()).isFalse();
  }

  @Test
  void closesAPipeWithBytesInIt() throws Exception {
    rig(PLENTY, SMALL_BUFFER);
    bulkUntilItSplices();
    CompletableFuture<Void> writer = stall(random(1 << 20));
    assertThat(rig.quota.taken()).isEqualTo(PipeSize.DEFAULT_BYTES);
    rig.up.close();
    assertThat(rig.up.holds()).isFalse();
    assertThat(rig.quota.taken()).isZero();
    KernelPipe next = rig.pipes.borrow();
    assertThat(next).isNotNull();
    assertThat(KernelPipeTest.isEmpty(next)).isTrue();
    rig.pipes.giveBack(next);
    rig.client.close();
    writer.handle((done, failed) -> true).join();
  }

  @Test
  void letsGoOfTheBytesItHolds() throws Exception {
    rig(0, SMALL_BUFFER);
    CompletableFuture<Void> writer = stall(random(1 << 20));
    rig.up.close();
    rig.up.close();
    assertThat(rig.up.holds()).isFalse(); // and the leak detector is silent
    rig.client.close();
    writer.handle((done, failed) -> true).join();
  }
}
