package io.zoneproxy.core.observe.access;

import io.netty.util.NetUtil;
import io.zoneproxy.core.observe.ConnectionRecord;
import io.zoneproxy.core.observe.TlsFacts;
import io.zoneproxy.core.observe.access.operator.ShownText;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** The fields of an access-log line and their order: the same in every format. */
final class AccessFields {
  /** ISO-8601 in UTC, always with three digits of milliseconds, so that lines sort as text. */
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  /** A legacy certificate has a URI for each service and each tag. */
  private static final int MAX_PEER = 1024;

  private AccessFields() {}

  /** Takes one field after the other. */
  interface Sink {
    /** A text; null when there is none. It is not escaped yet. */
    void text(String name, @Nullable String value);

    /** A number. */
    void number(String name, long value);
  }

  /** What a line says. */
  @FunctionalInterface
  interface Entry {
    /** Hands over every field, in order. */
    void write(Sink sink);
  }

  /** Hands over every field of a record; none is ever left out. */
  static void write(ConnectionRecord closed, Sink sink) {
    sink.text("time", time(closed.start()));
    sink.number("conn", closed.id());
    sink.text("listener", closed.listener());
    sink.text("downstream", address(closed.downstream()));
    sink.text("sni", orNull(ShownText.capped(closed.serverName(), ShownText.MAX_SERVER_NAME)));
    TlsFacts tls = closed.tls();
    sink.text("peer", peer(tls));
    sink.text("tls_version", tls == null ? null : tls.version());
    sink.text("tls_cipher", tls == null ? null : tls.cipher());
    sink.text("chain", orNull(closed.chain()));
    sink.text("cluster", orNull(closed.cluster()));
    sink.text("upstream", address(closed.upstream()));
    sink.number("attempts", closed.connectAttempts());
    sink.number("connect_ms", closed.connectTime().toMillis());
    sink.number("bytes_up", closed.bytesUp());
    sink.number("bytes_down", closed.bytesDown());
    sink.number("duration_ms", closed.duration().toMillis());
    sink.text("reason", closed.reason().name());
    sink.text("origin", closed.reason().origin().label());
    sink.text("detail", orNull(ShownText.capped(closed.detail(), ShownText.MAX_DETAIL)));
  }

  static String time(Instant at) {
    return TIME.format(at);
  }

  /** As permissions name it. */
  static @Nullable String peer(@Nullable TlsFacts tls) {
    return tls == null ? null : orNull(ShownText.capped(words(tls), MAX_PEER));
  }

  private static String words(TlsFacts tls) {
    return tls.peerUris().isEmpty() ? tls.peerSubject() : String.join(",", tls.peerUris());
  }

  static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  static @Nullable String address(@Nullable SocketAddress address) {
    if (address instanceof InetSocketAddress inet) {
      return NetUtil.toSocketAddressString(inet);
    }
    return address == null ? null : address.toString();
  }
}
