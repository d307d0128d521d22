package io.zoneproxy.ingress.launch;

import io.zoneproxy.core.observe.ConnectionObserver;
import io.zoneproxy.core.observe.ServerStats;
import io.zoneproxy.core.observe.access.AccessLog;
import io.zoneproxy.ingress.flags.RunOptions;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where {@code --access-log} sends the records. */
final class AccessLogTarget implements AutoCloseable {
  private final @Nullable AccessLog log;

  private AccessLogTarget(@Nullable AccessLog log) {
    this.log = log;
  }

  static AccessLogTarget open(RunOptions options, ServerStats stats) throws IOException {
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

  ConnectionObserver observer() {
    return log == null ? ConnectionObserver.NONE : log;
  }

  @Override
  public void close() {
    if (log != null) {
      log.close();
    }
  }
}
