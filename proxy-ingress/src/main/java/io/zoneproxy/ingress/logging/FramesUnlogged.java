package io.zoneproxy.ingress.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Keeps frames of HTTP/2 out of the log, whatever level is asked for: gRPC logs them at debug, and
 * the first one of each stream to the control plane has the token in it. Any thread.
 */
final class FramesUnlogged extends TurboFilter {
  private static final String GRPC_TRANSPORT = "io.grpc.netty";
  private static final String HTTP2 = "io.netty.handler.codec.http2";

  @Override
  public FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String format,
      Object @Nullable [] arguments,
      @Nullable Throwable thrown) {
    boolean frames =
        !level.isGreaterOrEqual(Level.INFO)
            && (logger.getName().startsWith(GRPC_TRANSPORT) || logger.getName().startsWith(HTTP2));
    return frames ? FilterReply.DENY : FilterReply.NEUTRAL;
  }
}
