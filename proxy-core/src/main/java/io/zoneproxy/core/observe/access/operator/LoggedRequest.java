package io.zoneproxy.core.observe.access.operator;

import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.observe.ConnectionRecord;
import io.zoneproxy.core.observe.request.RequestRecord;
import io.zoneproxy.core.observe.request.Timeline;
import io.zoneproxy.core.observe.request.Timeline.Point;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request that has ended. What is said of a connection is the request's: its begin, its time, its
 * bytes, where it went; who asked is the connection's.
 *
 * @param connection so composed
 */
record LoggedRequest(ConnectionRecord connection, RequestRecord request)
    implements LoggedConnection {
  static LoggedRequest of(RequestRecord request) {
    ConnectionRecord of = request.connection();
    Timeline timeline = request.timeline();
    Duration ready = timeline.at(Point.CONNECTED);
    return new LoggedRequest(
        new ConnectionRecord(
            of.id(),
            of.listener(),
            timeline.start(),
            request.duration(),
            of.downstream(),
            of.serverName(),
            of.tls(),
            of.chain(),
            of.chainName(),
            request.accessLogs(),
            request.cluster(),
            request.upstream().remote(),
            request.upstream().tried().size(),
            Objects.requireNonNullElse(ready, Duration.ZERO),
            request.bytesReceived(),
            request.bytesSent(),
            CloseReason.DONE,
            request.detail()),
        request);
  }

  @Override
  public Moment moment() {
    return Moment.REQUEST_ENDED;
  }

  @Override
  public String responseFlags() {
    return request.end().responseFlag();
  }

  @Override
  public @Nullable SocketAddress downstreamLocal() {
    return request.local();
  }

  @Override
  public @Nullable SocketAddress upstreamLocal() {
    return request.upstream().local();
  }
}
