package io.zoneproxy.core.observe.access;

import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.observe.ConnectionRecord;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Connection records for tests. */
final class Records {
  private Records() {}

  static ConnectionRecord relayed(long id) {
    return new ConnectionRecord(
        id,
        "inbound:10.0.0.1:10001",
        Instant.parse("2026-03-04T05:06:07.089Z"),
        Duration.ofMillis(412),
        new InetSocketAddress("192.168.0.7", 40_000),
        "backend{mesh=default}",
        null,
        "backend{mesh=default}",
        "",
        List.of(),
        "default:backend",
        new InetSocketAddress("fd00::1", 2521),
        2,
        Duration.ofMillis(3),
        5120,
        88_211,
        CloseReason.DONE,
        "");
  }

  static ConnectionRecord refused(String serverName, CloseReason reason, String detail) {
    return refused(null, serverName, reason, detail);
  }

  static ConnectionRecord from(SocketAddress downstream) {
    return refused(downstream, "a", CloseReason.NO_ROUTE, "");
  }

  private static ConnectionRecord refused(
      @Nullable SocketAddress downstream, String serverName, CloseReason reason, String detail) {
    return new ConnectionRecord(
        9,
        "inbound:10.0.0.1:10001",
        Instant.parse("2026-03-04T05:06:07Z"),
        Duration.ZERO,
        downstream,
        serverName,
        null,
        "",
        "",
        List.of(),
        "",
        null,
        0,
        Duration.ZERO,
        0,
        0,
        reason,
        detail);
  }
}
