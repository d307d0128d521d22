package io.zoneproxy.core.observe.access;

import static io.zoneproxy.core.observe.access.AccessFields.orNull;

import io.zoneproxy.core.observe.ConnectionRecord;
import io.zoneproxy.core.observe.access.operator.ShownText;
import io.zoneproxy.core.observe.request.RequestRecord;
import io.zoneproxy.core.observe.request.Timeline.Point;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a request's line. Headers are not kept, only what is shown of them: lines that wait
 * are many, and headers may be long.
 *
 * @param record without its headers
 */
record RequestFields(
    RequestRecord record, @Nullable String method, String authority, String path, String id) {
  /** Longer ones are no address of a page any more. */
  private static final int MAX_PATH = 1024;

  /** A UUID has 36; a peer may send its own. */
  private static final int MAX_ID = 64;

  static RequestFields of(RequestRecord record) {
    String original = record.request().get("x-envoy-original-path");
    String path = original == null ? header(record, ":path") : original;
    return new RequestFields(
        record.withoutHeaders(),
        record.request().get(":method"),
        ShownText.capped(header(record, ":authority"), ShownText.MAX_SERVER_NAME),
        ShownText.capped(path, MAX_PATH),
        ShownText.capped(header(record, "x-request-id"), MAX_ID));
  }

  private static String header(RequestRecord record, String name) {
    return Objects.requireNonNullElse(record.request().get(name), "");
  }

  /** Hands over every field; none is ever left out. */
  void write(AccessFields.Sink sink) {
    ConnectionRecord on = record.connection();
    sink.text("time", AccessFields.time(record.timeline().start()));
    sink.number("conn", on.id());
    sink.text("listener", on.listener());
    sink.text("downstream", AccessFields.address(on.downstream()));
    sink.text("sni", orNull(ShownText.capped(on.serverName(), ShownText.MAX_SERVER_NAME)));
    sink.text("peer", AccessFields.peer(on.tls()));
    sink.text("chain", orNull(on.chain()));
    sink.text("method", method);
    sink.text("authority", orNull(authority));
    sink.text("path", orNull(path));
    sink.text("protocol", record.protocol());
    sink.text("request_id", orNull(id));
    sink.number("status", record.status());
    sink.text("cluster", orNull(record.cluster()));
    sink.text("upstream", AccessFields.address(record.upstream().remote()));
    sink.number("attempts", record.upstream().tried().size());
    sink.number("connect_ms", millis(record.timeline().between(Point.CONNECTING, Point.CONNECTED)));
    sink.number("answer_ms", millis(record.timeline().at(Point.ANSWERED)));
    sink.number("bytes_up", record.bytesReceived());
    sink.number("bytes_down", record.bytesSent());
    sink.number("duration_ms", record.duration().toMillis());
    sink.text("reason", record.end().name());
    String flag = record.end().responseFlag();
    sink.text("flags", flag.equals("-") ? null : flag);
    sink.text("detail", orNull(ShownText.capped(record.detail(), ShownText.MAX_DETAIL)));
  }

  private static long millis(@Nullable Duration taken) {
    return taken == null ? 0 : taken.toMillis();
  }
}
