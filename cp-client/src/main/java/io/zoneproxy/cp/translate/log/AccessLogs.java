package io.zoneproxy.cp.translate.log;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLog;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLogFilter;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import io.envoyproxy.envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter;
import io.envoyproxy.envoy.extensions.access_loggers.open_telemetry.v3.OpenTelemetryAccessLogConfig;
import io.zoneproxy.core.model.log.AccessLogSpec;
import io.zoneproxy.core.model.log.LogFilter;
import io.zoneproxy.core.model.log.LogFormat;
import io.zoneproxy.core.model.log.LogTarget;
import io.zoneproxy.cp.translate.value.Problems;
import io.zoneproxy.cp.translate.value.Typed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Access logs of a chain. Pure. */
public final class AccessLogs {
  private AccessLogs() {}

  /** All of a field {@code access_log}. */
  public static List<AccessLogSpec> of(List<AccessLog> from, Problems problems) {
    List<AccessLogSpec> logs = new ArrayList<>(from.size());
    for (int i = 0; i < from.size(); i++) {
      log(from.get(i), problems.at("access_log", i)).ifPresent(logs::add);
    }
    return logs;
  }

  private static Optional<AccessLogSpec> log(AccessLog from, Problems problems) {
    Optional<LogFilter> filter = Optional.empty();
    if (from.hasFilter()) {
      filter = filter(from.getFilter(), problems.at("filter"));
      if (filter.isEmpty()) {
        return Optional.empty();
      }
    }
    Optional<LogFilter> only = filter;
    return target(from.getTypedConfig(), problems.at("typed_config"))
        .map(to -> new AccessLogSpec(to, only));
  }

  private static Optional<LogTarget> target(Any from, Problems problems) {
    if (Typed.is(from, FileAccessLog.getDescriptor())) {
      return Typed.read(from, FileAccessLog.getDescriptor(), FileAccessLog.parser(), problems)
          .flatMap(file -> file(file, problems));
    }
    if (Typed.is(from, OpenTelemetryAccessLogConfig.getDescriptor())) {
      return Typed.read(
              from,
              OpenTelemetryAccessLogConfig.getDescriptor(),
              OpenTelemetryAccessLogConfig.parser(),
              problems)
          .flatMap(config -> OpenTelemetryLogs.of(config, problems));
    }
    problems.add(Typed.named(from), "FileAccessLog or OpenTelemetryAccessLogConfig");
    return Optional.empty();
  }

  @SuppressWarnings("deprecation") // the forms from before log_format are still legal
  private static Optional<LogTarget> file(FileAccessLog from, Problems problems) {
    if (from.getPath().isEmpty()) {
      problems.at("path").add("empty", "a path");
      return Optional.empty();
    }
    Optional<LogFormat> format =
        switch (from.getAccessLogFormatCase()) {
          case FORMAT -> Optional.of(new LogFormat.Text(from.getFormat()));
          case JSON_FORMAT -> Optional.of(LogFormats.json(from.getJsonFormat(), false));
          case TYPED_JSON_FORMAT -> Optional.of(LogFormats.json(from.getTypedJsonFormat(), false));
          case LOG_FORMAT -> LogFormats.of(from.getLogFormat(), problems.at("log_format"));
          case ACCESSLOGFORMAT_NOT_SET -> Optional.of(new LogFormat.Text(""));
        };
    return format.map(known -> new LogTarget.File(from.getPath(), known));
  }

  private static Optional<LogFilter> filter(AccessLogFilter from, Problems problems) {
    if (!from.hasExtensionFilter()) {
      problems.add(from.getFilterSpecifierCase(), "extension_filter");
      return Optional.empty();
    }
    Problems at = problems.at("extension_filter").at("typed_config");
    return Typed.read(
            from.getExtensionFilter().getTypedConfig(),
            ExpressionFilter.getDescriptor(),
            ExpressionFilter.parser(),
            at)
        .flatMap(cel -> Expressions.of(cel.getExpression(), at.at("expression")));
  }
}
