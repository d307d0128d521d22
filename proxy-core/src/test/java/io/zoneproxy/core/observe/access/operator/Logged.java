package io.zoneproxy.core.observe.access.operator;

import io.zoneproxy.core.model.log.LogFormat;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.observe.ConnectionRecord;
import io.zoneproxy.core.observe.access.format.RecordFormat;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Connections for tests of formats. */
public final class Logged {
  private Logged() {}

  /** One that was relayed, with everything that can be known of it. */
  public static LoggedConnection relayed() {
    return new Full(record("backend{mesh=default}", CloseReason.DONE, "", endpoint()));
  }

  /** One that was relayed. */
  public static LoggedConnection withServerName(String serverName) {
    return LoggedConnection.ended(record(serverName, CloseReason.DONE, "", endpoint()));
  }

  /** One that was refused. */
  public static LoggedConnection refused(CloseReason reason, String detail) {
    return LoggedConnection.ended(record("", reason, detail, null));
  }

  public static ConnectionRecord record(
      String serverName, CloseReason reason, String detail, @Nullable SocketAddress upstream) {
    return new ConnectionRecord(
        17,
        "inbound:10.0.0.1:10001",
        Instant.parse("2026-03-04T05:06:07.089012345Z"),
        Duration.ofMillis(1_412),
        reason == CloseReason.INTERNAL ? null : new InetSocketAddress("192.168.3.7", 40_000),
        serverName,
        null,
        serverName,
        "",
        List.of(),
        upstream == null ? "" : "default:backend",
        upstream,
        upstream == null ? 0 : 2,
        Duration.ofNanos(3_456_789),
        5120,
        88_211,
        reason,
        detail);
  }

  public static SocketAddress endpoint() {
    return new InetSocketAddress("fd00::1:ab", 2521);
  }

  /** The record of a connection in a format of text. */
  public static String text(String format, LoggedConnection connection) {
    StringBuilder out = new StringBuilder();
    RecordFormat.of(new LogFormat.Text(format)).append(connection, out);
    return out.toString();
  }

  /** The record of a connection. */
  public static String line(LogFormat format, LoggedConnection connection) {
    StringBuilder out = new StringBuilder();
    RecordFormat.of(format).append(connection, out);
    return out.toString();
  }

  /** Knows also what a record does not say. */
  private record Full(ConnectionRecord connection) implements LoggedConnection {
    @Override
    public String chainName() {
      return "chain-1";
    }

    @Override
    public String terminationDetails() {
      return "rbac_access_denied_matched_policy[none]";
    }

    @Override
    public SocketAddress downstreamLocal() {
      return new InetSocketAddress("10.0.0.1", 10_001);
    }

    @Override
    public SocketAddress upstreamLocal() {
      return new InetSocketAddress("fd00::2", 50_001);
    }

    @Override
    public String peerUriSan() {
      return "spiffe://default/web";
    }

    @Override
    public String firstPeerUri() {
      return peerUriSan();
    }
  }
}
