package io.zoneproxy.core.observe.access;

import io.zoneproxy.core.model.log.AccessLogSpec;
import io.zoneproxy.core.model.log.LogFilter;
import io.zoneproxy.core.model.log.LogFormat;
import io.zoneproxy.core.model.log.LogTarget;
import io.zoneproxy.core.observe.access.format.FormatCheck;
import io.zoneproxy.core.observe.access.format.ForwardedFormat;
import io.zoneproxy.core.observe.access.format.LogCondition;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Says what is wrong with an access log, before it is taken. */
public final class AccessLogCheck {
  private AccessLogCheck() {}

  /** Every problem; none when {@link ChainAccessLogs} can serve it. */
  public static List<String> problems(AccessLogSpec spec) {
    List<String> problems = new ArrayList<>();
    try {
      condition(spec.filter());
    } catch (IllegalArgumentException e) {
      problems.add("filter: " + e.getMessage());
    }
    if (spec.sink() instanceof LogTarget.File file) {
      addProblems(file, problems);
    } else if (spec.sink() instanceof LogTarget.OpenTelemetry collector) {
      collector.body().ifPresent(body -> addProblems("body", body, problems));
      collector
          .attributes()
          .forEach((name, value) -> addProblems("attributes." + name, value, problems));
    }
    return List.copyOf(problems);
  }

  /** The compiled condition; without a filter everything is logged. */
  static LogCondition condition(Optional<LogFilter> filter) {
    return filter
        .map(one -> LogCondition.of(((LogFilter.Expression) one).meaning()))
        .orElse(connection -> true);
  }

  private static void addProblems(LogTarget.File file, List<String> problems) {
    addProblems("format", file.format(), problems);
    try {
      if (file.path().isEmpty() || Path.of(file.path()).getFileName() == null) {
        problems.add("path: \"" + file.path() + "\" (expected: the path of a file)");
      } else if (ForwardedFormat.isPipe(file.path())) {
        ForwardedFormat.of(file.format());
      }
    } catch (InvalidPathException e) {
      problems.add("path: " + e.getMessage() + " (expected: the path of a file)");
    } catch (IllegalArgumentException e) {
      problems.add("format: " + e.getMessage());
    }
  }

  private static void addProblems(String place, LogFormat format, List<String> problems) {
    FormatCheck.problems(format).forEach(problem -> problems.add(place + ": " + problem));
  }
}
