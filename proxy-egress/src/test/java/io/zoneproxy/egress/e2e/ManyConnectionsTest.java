package io.zoneproxy.egress.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.observe.ClusterStats;
import io.zoneproxy.core.observe.ConnectionRecord;
import io.zoneproxy.core.observe.ListenerStats;
import io.zoneproxy.egress.e2e.KumaTexts.Instance;
import io.zoneproxy.tls.hello.ClientHellos;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Thousands of connections through both proxies: no byte is lost or changed, nothing is left. */
final class ManyConnectionsTest {
  private static final int AT_A_TIME = 3_000;
  private static final int TOTAL = 30_000;
  private static final long SEED = 20_250;

  /** Client, two sockets in each proxy, service: all in this process. */
  private static final int DESCRIPTORS_EACH = 6;

  /** Jars, selectors, files. */
  private static final int DESCRIPTORS_BESIDE = 1_000;

  /** So many that everything that is opened once is open. */
  private static final int WARM_UP = 50;

  private static final byte[] HELLO =
      ClientHellos.records(ClientHellos.withServerName(TwoZones.tagged("echo")));

  @Test
  void thousandsAtATimeGetEveryByteBack(@TempDir Path folder) throws IOException {
    int atATime = affordable();
    try (EchoService service = new EchoService();
        TwoZones zones =
            TwoZones.in(folder).with(Instance.of("echo", service.port())).concurrency(2).start()) {
      new LoadClient(zones.door(), HELLO, SEED).run(WARM_UP, WARM_UP, () -> {});
      await().until(() -> zones.openConnections() == 0);
      int before = Descriptors.open();

      LoadClient client = new LoadClient(zones.door(), HELLO, SEED + 1);
      client.run(
          TOTAL,
          atATime,
          () -> {
            assertThat(zones.egress.proxy.openConnections()).isEqualTo(atATime);
            assertThat(zones.ingress.proxy.openConnections()).isEqualTo(atATime);
            // Beside what was open before, of which some of the first connections may have been.
            assertThat(Descriptors.open()).isGreaterThanOrEqualTo(DESCRIPTORS_EACH * atATime);
          });

      assertThat(client.failures).isEmpty();
      await().until(() -> zones.openConnections() == 0);
      Descriptors.awaitAtMost(before);
      assertThat(service.connections).hasValue(WARM_UP + TOTAL);
      assertAddsUp(zones.egress, service.bytes.get());
      assertAddsUp(zones.ingress, service.bytes.get());
      assertThat(service.bytes.get()).isGreaterThan(client.sent());
    }
  }

  private static int affordable() {
    int affordable = (Descriptors.limit() - DESCRIPTORS_BESIDE) / DESCRIPTORS_EACH;
    if (affordable < AT_A_TIME) {
      System.out.printf(
          "only %d connections at a time instead of %d: the process may have %d descriptors%n",
          affordable, AT_A_TIME, Descriptors.limit());
    }
    return Math.min(AT_A_TIME, affordable);
  }

  private static void assertAddsUp(RunningProxy proxy, long bytes) {
    ListenerStats listener = proxy.stats();
    assertThat(listener.total.sum()).isEqualTo(WARM_UP + TOTAL);
    assertThat(listener.closed(CloseReason.DONE).sum()).isEqualTo(WARM_UP + TOTAL);
    assertThat(listener.destroyed.sum()).isEqualTo(WARM_UP + TOTAL);
    assertThat(listener.sniFound.sum()).isEqualTo(WARM_UP + TOTAL);
    assertThat(listener.active.sum()).isZero();
    assertThat(listener.rxBytes.sum()).isEqualTo(bytes);
    assertThat(listener.txBytes.sum()).isEqualTo(bytes);
    ClusterStats cluster = proxy.stats("default:echo");
    assertThat(cluster.total.sum()).isEqualTo(WARM_UP + TOTAL);
    assertThat(cluster.active.sum()).isZero();
    assertThat(cluster.connectFail.sum()).isZero();
    assertThat(cluster.failover.sum()).isZero();
    assertThat(cluster.txBytes.sum()).isEqualTo(bytes);
    assertThat(cluster.rxBytes.sum()).isEqualTo(bytes);
    assertThat(proxy.closed).hasSize(WARM_UP + TOTAL);
    assertThat(proxy.closed.stream().mapToLong(ConnectionRecord::bytesUp).sum()).isEqualTo(bytes);
    assertThat(proxy.closed.stream().mapToLong(ConnectionRecord::bytesDown).sum()).isEqualTo(bytes);
  }
}
