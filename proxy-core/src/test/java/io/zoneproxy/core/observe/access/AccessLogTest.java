package io.zoneproxy.core.observe.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zoneproxy.core.observe.ServerStats;
import io.zoneproxy.core.text.JsonReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AccessLogTest {
  private final ServerStats stats = new ServerStats();

  @Test
  void writesWithoutBeingClosedOrAskedToFlush() {
    Memory memory = new Memory();
    try (AccessLog log = AccessLog.toStream("memory", memory, AccessLogFormat.JSON, stats)) {
      for (int id = 1; id <= 3; id++) {
        int expected = id;
        log.onClosed(Records.relayed(id)); // each time the writer has gone to sleep before
        await().until(() -> memory.lines().size() == expected && memory.flushed.get());
      }
    }
    assertThat(memory.lines()).allMatch(line -> line.startsWith("{\"time\":"));
  }

  @Test
  void closeWritesOutWhatIsQueued() {
    Memory memory = new Memory();
    AccessLog log = AccessLog.toStream("memory", memory, AccessLogFormat.TEXT, stats);
    for (int id = 0; id < 5000; id++) {
      log.onClosed(Records.relayed(id));
    }
    log.close();
    log.close();

    assertThat(memory.lines()).hasSize(5000);
    assertThat(stats.accessLogDropped.sum()).isZero();
  }

  @Test
  void whatComesAfterCloseIsDroppedAndCounted() {
    Memory memory = new Memory();
    AccessLog log = AccessLog.toStream("memory", memory, AccessLogFormat.TEXT, stats);
    log.close();
    log.onClosed(Records.relayed(1));

    assertThat(memory.lines()).isEmpty();
    assertThat(stats.accessLogDropped.sum()).isEqualTo(1);
  }

  @Test
  void manyThreadsLoseNothingAndMixNoLines() throws Exception {
    Memory memory = new Memory();
    AccessLog log = AccessLog.toStream("memory", memory, AccessLogFormat.JSON, stats);
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      long base = t * 1000L;
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < 1000; i++) {
                  log.onClosed(Records.relayed(base + i));
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    log.close();

    Set<Object> ids = new HashSet<>();
    memory.lines().forEach(line -> ids.add(JsonReader.object(line).getOrDefault("conn", "none")));
    assertThat(ids).hasSize(4000);
  }

  @Test
  void aBlockedDestinationNeverBlocksTheCaller() throws Exception {
    Blocked blocked = new Blocked();
    int capacity = 8;
    AccessLog log =
        new AccessLog(new StreamSink("pipe", blocked), AccessLogFormat.TEXT, stats, capacity);
    log.onClosed(Records.relayed(0));
    assertThat(blocked.entered.await(20, TimeUnit.SECONDS)).isTrue();
    for (int id = 1; id <= capacity + 5; id++) {
      log.onClosed(Records.relayed(id));
    }
    assertThat(stats.accessLogDropped.sum()).isEqualTo(5);

    try (LogEvents events = new LogEvents()) {
      blocked.release.countDown();
      await().until(() -> !events.messages().isEmpty());
      assertThat(events.messages())
          .containsExactly("access log: pipe: 5 records dropped, 5 since the start");
    }
    log.close();
    assertThat(blocked.memory.lines()).hasSize(1 + capacity);
  }

  @Test
  void aFailingDestinationIsSaidOnceAndItsRecoveryToo() {
    Memory memory = new Memory();
    AccessLog log = AccessLog.toStream("disk", memory, AccessLogFormat.TEXT, stats);
    try (LogEvents events = new LogEvents()) {
      memory.failing.set(true);
      for (int id = 1; id <= 20; id++) {
        long expected = id;
        log.onClosed(Records.relayed(id));
        await().until(() -> stats.accessLogDropped.sum() == expected);
      }
      assertThat(events.messages().stream().filter(message -> !message.contains("dropped,")))
          .containsExactly(
              "access log: disk: java.io.IOException: No space left on device; records are dropped"
                  + " and counted until it works again");

      memory.failing.set(false);
      log.onClosed(Records.relayed(21));
      await().until(() -> events.messages().contains("access log: disk works again"));
    }
    log.close();
    assertThat(memory.lines()).hasSize(2); // an empty one ends what may have been half a line
    assertThat(memory.lines().get(0)).isEmpty();
    assertThat(memory.lines().get(1)).contains("conn=21 ");
  }

  @Test
  void noticesTheErrorThatAPrintStreamHides() {
    Memory memory = new Memory();
    memory.failing.set(true);
    PrintStream stream = new PrintStream(memory, true, StandardCharsets.UTF_8);
    try (AccessLog log = AccessLog.toStream("stream", stream, AccessLogFormat.TEXT, stats)) {
      log.onClosed(Records.relayed(1));
      await().until(() -> stats.accessLogDropped.sum() == 1);
    }
  }

  @Test
  void aRecordThatCannotBeFormattedCostsNoOtherItsLine() {
    Memory memory = new Memory();
    AccessLog log = AccessLog.toStream("memory", memory, AccessLogFormat.TEXT, stats);
    try (LogEvents events = new LogEvents()) {
      log.onClosed(Records.relayed(1));
      log.onClosed(Records.from(new Unprintable()));
      log.onClosed(Records.relayed(2));
      log.close();
      assertThat(events.messages())
          .containsExactly("access log: memory: a record could not be formatted");
    }
    assertThat(memory.lines()).hasSize(2).allMatch(line -> line.matches("time=.* conn=[12] .*"));
    assertThat(stats.accessLogDropped.sum()).isEqualTo(1);
  }

  @Test
  void closeWhileThreadsStillHandOverLosesNothingUncounted() throws Exception {
    for (int round = 0; round < 50; round++) {
      Memory memory = new Memory();
      ServerStats counted = new ServerStats();
      AccessLog log = AccessLog.toStream("memory", memory, AccessLogFormat.TEXT, counted);
      CountDownLatch begun = new CountDownLatch(1);
      Thread loop =
          new Thread(
              () -> {
                for (int id = 0; id < 500; id++) {
                  log.onClosed(Records.relayed(id));
                  begun.countDown();
                }
              });
      loop.start();
      begun.await();
      log.close();
      loop.join();
      log.close(); // what slipped in beside the first one

      assertThat(memory.lines().size() + counted.accessLogDropped.sum()).isEqualTo(500);
    }
  }

  @Test
  void theStreamStaysOpen() {
    AtomicInteger closes = new AtomicInteger();
    Memory memory =
        new Memory() {
          @Override
          public void close() {
            closes.incrementAndGet();
          }
        };
    AccessLog.toStream("memory", memory, AccessLogFormat.TEXT, stats).close();

    assertThat(closes).hasValue(0);
  }

  /** An address whose text cannot be had. */
  private static final class Unprintable extends SocketAddress {
    private static final long serialVersionUID = 1;

    @Override
    public String toString() {
      throw new IllegalStateException("no text");
    }
  }

  /** Keeps what is written; can be made to fail. */
  private static class Memory extends OutputStream {
    final AtomicBoolean failing = new AtomicBoolean();
    final AtomicBoolean flushed = new AtomicBoolean();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] lines, int offset, int length) throws IOException {
      if (failing.get()) {
        throw new IOException("No space left on device");
      }
      flushed.set(false);
      bytes.write(lines, offset, length);
    }

    @Override
    public void flush() {
      flushed.set(true);
    }

    synchronized List<String> lines() {
      return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }
  }

  /** A pipe that nobody reads. */
  private static final class Blocked extends OutputStream {
    final CountDownLatch entered = new CountDownLatch(1);
    final CountDownLatch release = new CountDownLatch(1);
    final Memory memory = new Memory();

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] lines, int offset, int length) throws IOException {
      entered.countDown();
      try {
        release.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      memory.write(lines, offset, length);
    }
  }
}
