package io.zoneproxy.ingress.logging;

import io.zoneproxy.core.observe.ConnectionObserver;
import io.zoneproxy.core.observe.ServerStats;
import io.zoneproxy.core.observe.access.AccessLog;
import io.zoneproxy.core.observe.request.RequestObserver;
import io.zoneproxy.ingress.flags.RunOptions;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where {@code --access-log} sends the records. Any thread; closing it writes what waits. */
public final class AccessLogTarget implements AutoCloseable {
  private final @Nullable AccessLog log;

  private AccessLogTarget(@Nullable AccessLog log) {
    this.log = log;
  }

  /**
   * Opens what the options name; a target of "off" takes nothing.
   *
   * @throws IOException when a file cannot be opened
   */
  public static AccessLogTarget open(RunOptions options, ServerStats stats) throws IOException {
    var format = options.accessLogFormat();
    return new AccessLogTarget(
        switch (options.accessLog()) {
          case "off" -> null;
          case "stdout" -> AccessLog.toStandardOutput(format, stats);
          case "stderr" -> AccessLog.toStandardError(format, stats);
          default ->
              AccessLog.toFile(LogFile.of("--access-log", options.accessLog()), format, stats);
        });
  }

  /** Hears of connections. */
  public ConnectionObserver observer() {
    return log == null ? ConnectionObserver.NONE : log;
  }

  /** Hears of requests. */
  public RequestObserver requests() {
    return log == null ? RequestObserver.NONE : log;
  }

  @Override
  public void close() {
    if (log != null) {
      log.close();
    }
  }
}
