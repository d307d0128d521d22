package io.zoneproxy.core.model.log;

import java.util.Map;
import java.util.Optional;

/** Where records go. */
public sealed interface LogTarget {
  /**
   * A file, or a named pipe. {@code /dev/stdout} and {@code /dev/stderr} are the process's own.
   *
   * @param path of the file
   * @param format of one record
   */
  record File(String path, LogFormat format) implements LogTarget {}

  /**
   * A collector of OpenTelemetry.
   *
   * @param cluster that carries it
   * @param logName of the log
   * @param body of a record; empty = none
   * @param attributes of a record; values are formats
   * @param resource attributes of the sender
   */
  record OpenTelemetry(
      String cluster,
      String logName,
      Optional<LogFormat> body,
      Map<String, LogFormat> attributes,
      Map<String, String> resource)
      implements LogTarget {
    public OpenTelemetry {
      attributes = Map.copyOf(attributes);
      resource = Map.copyOf(resource);
    }
  }
}
