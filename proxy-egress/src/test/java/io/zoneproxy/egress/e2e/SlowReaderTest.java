package io.zoneproxy.egress.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.util.internal.PlatformDependent;
import io.zoneproxy.core.relay.TestUpstream;
import io.zoneproxy.egress.e2e.KumaTexts.Instance;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Downloads whose reader does not read: the sender feels it, the proxies hold little. */
final class SlowReaderTest {
  private static final String BULK = TwoZones.tagged("bulk");
  private static final int READERS = 8;

  /** Two sockets' windows a proxy are some megabytes: this is far above all of them together. */
  private static final int DOWNLOAD_BYTES = 40 << 20;

  private static final int CHUNK = 64 * 1024;

  /** As the kernel makes it, the smallest. */
  private static final int RECEIVE_BUFFER = 4 * 1024;

  /** Security: a connection may hold so much in one proxy at worst. */
  private static final long MAX_HELD = 256 * 1024;

  /** The allocator takes memory in chunks, of which several are begun on each thread. */
  private static final long ALLOCATOR_SLACK = 16L << 20;

  private final AtomicLong sent = new AtomicLong();

  @Test
  void holdsLittleAndLosesNothing(@TempDir Path folder) throws IOException {
    Assumptions.assumeTrue(PlatformDependent.usedDirectMemory() >= 0, "no count of direct memory");
    List<RawClient> readers = new ArrayList<>();
    try (TestUpstream bulk = new TestUpstream(this::sendMuch);
        TwoZones zones =
            TwoZones.in(folder).with(Instance.of("bulk", bulk.address().port())).start()) {
      long before = PlatformDependent.usedDirectMemory();
      for (int i = 0; i < READERS; i++) {
        RawClient reader = RawClient.dialSlowly(zones.door(), RECEIVE_BUFFER);
        readers.add(reader.send(RawClient.hello(BULK)));
      }
      await().until(() -> bulk.connections.get() == READERS);
      awaitStandstill();

      assertThat(sent).hasValueLessThan((long) READERS * DOWNLOAD_BYTES);
      assertThat(PlatformDependent.usedDirectMemory() - before)
          .isLessThan(READERS * 2 * MAX_HELD + ALLOCATOR_SLACK);
      for (RawClient reader : readers) {
        assertWhole(reader);
      }
      await().until(() -> zones.openConnections() == 0);
      assertThat(bulk.failures).isEmpty();
      await().untilAsserted(() -> assertThat(zones.egress.closed).hasSize(READERS));
    }
  }

  /** Nobody can send any more. */
  private void awaitStandstill() {
    AtomicLong last = new AtomicLong(-1);
    await()
        .pollInterval(Duration.ofMillis(300))
        .until(() -> last.getAndSet(sent.get()) == sent.get() && sent.get() > 0);
  }

  private void sendMuch(Socket socket) throws IOException {
    socket.setSoTimeout(0);
    socket.getInputStream().readNBytes(RawClient.hello(BULK).length);
    byte[] chunk = new byte[CHUNK];
    for (int at = 0; at < DOWNLOAD_BYTES; at += CHUNK) {
      Arrays.fill(chunk, (byte) (at / CHUNK));
      socket.getOutputStream().write(chunk);
      sent.addAndGet(CHUNK);
    }
  }

  private static void assertWhole(RawClient reader) throws IOException {
    for (int at = 0; at < DOWNLOAD_BYTES; at += CHUNK) {
      byte[] chunk = reader.read(CHUNK);
      assertThat(chunk.length).isEqualTo(CHUNK);
      assertThat(chunk[0]).isEqualTo((byte) (at / CHUNK));
      assertThat(chunk[CHUNK - 1]).isEqualTo((byte) (at / CHUNK));
    }
    assertThat(reader.readToTheEnd()).isEmpty();
    reader.close();
  }
}
